// Written by make_cases.py: name, seed, samples: shape -> layer, its parameters.
layer!(layer_norm_00, 7, 2: [1, 58] -> LayerNorm(axis = 1, eps = 0.5), [gamma, beta]);
layer!(layer_norm_01, 1007, 3: [4, 1, 4, 4] -> LayerNorm(axis = 0, eps = 0.001, affine = true), [gamma, beta]);
layer!(layer_norm_02, 2007, 2: [14] -> LayerNorm(affine = false), []);
layer!(layer_norm_03, 3007, 3: [5, 1, 4] -> LayerNorm(axis = 2), [gamma, beta]);
layer!(layer_norm_04, 4007, 3: [4, 4] -> LayerNorm(axis = 0, eps = 0.5, affine = true), [gamma, beta]);
layer!(layer_norm_05, 5007, 2: [59] -> LayerNorm(eps = 0.001, affine = false), []);
layer!(layer_norm_06, 6007, 3: [2, 3, 1] -> LayerNorm(axis = 0, eps = 0.001, affine = false), []);
layer!(layer_norm_07, 7007, 2: [3, 5, 4, 5] -> LayerNorm(axis = 2, eps = 0.5), [gamma, beta]);
layer!(layer_norm_08, 8007, 3: [54] -> LayerNorm(affine = true), [gamma, beta]);
layer!(layer_norm_09, 9007, 1: [1, 66] -> LayerNorm(axis = 1, eps = 0.001, affine = false), []);
layer!(layer_norm_10, 10007, 2: [1, 4, 1] -> LayerNorm(axis = 1, eps = 0.5, affine = true), [gamma, beta]);
layer!(layer_norm_11, 11007, 1: [1, 2, 5, 5] -> LayerNorm(axis = 1), [gamma, beta]);
layer!(layer_norm_12, 12007, 3: [4, 3, 5, 5] -> LayerNorm(axis = 3, eps = 0.5, affine = true), [gamma, beta]);
layer!(layer_norm_13, 13007, 1: [55] -> LayerNorm(eps = 0.001), [gamma, beta]);
layer!(layer_norm_14, 14007, 2: [4, 4, 3] -> LayerNorm(axis = 2, affine = false), []);
layer!(layer_norm_15, 15007, 1: [4, 5] -> LayerNorm(axis = 0, affine = false), []);
layer!(layer_norm_16, 16007, 1: [5, 3] -> LayerNorm(axis = 0, eps = 0.001), [gamma, beta]);
layer!(layer_norm_17, 17007, 2: [4, 1, 3, 2] -> LayerNorm(axis = 0, eps = 0.5, affine = true), [gamma, beta]);
layer!(layer_norm_18, 18007, 1: [38] -> LayerNorm(eps = 0.5), [gamma, beta]);
layer!(layer_norm_19, 19007, 3: [3, 3, 4] -> LayerNorm(axis = 0, affine = false), []);
layer!(layer_norm_20, 20007, 2: [1, 3, 4] -> LayerNorm(axis = 1, eps = 0.001, affine = true), [gamma, beta]);
layer!(layer_norm_21, 21007, 3: [3, 27] -> LayerNorm(axis = 1, affine = true), [gamma, beta]);
layer!(layer_norm_22, 22007, 2: [4, 2, 1, 2] -> LayerNorm(axis = 1, eps = 0.001), [gamma, beta]);
layer!(layer_norm_23, 23007, 3: [68] -> LayerNorm(eps = 0.5, affine = false), []);
layer!(rms_norm_00, 24007, 1: [55] -> RmsNorm(eps = 0.001, affine = false), []);
layer!(rms_norm_01, 25007, 2: [1, 3, 1, 1] -> RmsNorm(axis = 1, eps = 0.5), [gamma]);
layer!(rms_norm_02, 26007, 3: [3, 2, 1] -> RmsNorm(axis = 2, affine = true), [gamma]);
layer!(rms_norm_03, 27007, 1: [2, 66] -> RmsNorm(axis = 1, eps = 0.5), [gamma]);
layer!(rms_norm_04, 28007, 1: [2, 5, 4, 5] -> RmsNorm(axis = 0, affine = false), []);
layer!(rms_norm_05, 29007, 1: [5, 4] -> RmsNorm(axis = 0, eps = 0.001, affine = true), [gamma]);
layer!(rms_norm_06, 30007, 2: [1, 2, 2] -> RmsNorm(axis = 1, eps = 0.5, affine = true), [gamma]);
layer!(rms_norm_07, 31007, 3: [35] -> RmsNorm(eps = 0.001, affine = false), []);
layer!(rms_norm_08, 32007, 1: [69] -> RmsNorm, [gamma]);
layer!(rms_norm_09, 33007, 1: [2, 2] -> RmsNorm(axis = 0, eps = 0.5), [gamma]);
layer!(rms_norm_10, 34007, 1: [3, 3, 3] -> RmsNorm(axis = 0, eps = 0.001, affine = false), []);
layer!(rms_norm_11, 35007, 1: [5, 5, 1, 3] -> RmsNorm(axis = 2, affine = true), [gamma]);
layer!(rms_norm_12, 36007, 3: [2, 3, 1, 5] -> RmsNorm(axis = 3, affine = true), [gamma]);
layer!(rms_norm_13, 37007, 3: [3, 38] -> RmsNorm(axis = 1, eps = 0.001), [gamma]);
layer!(rms_norm_14, 38007, 2: [6] -> RmsNorm(eps = 0.5, affine = false), []);
layer!(rms_norm_15, 39007, 1: [1, 4, 1] -> RmsNorm(axis = 0, eps = 0.5, affine = false), []);
layer!(rms_norm_16, 40007, 1: [1, 4] -> RmsNorm(axis = 0, affine = true), [gamma]);
layer!(rms_norm_17, 41007, 3: [4, 4, 5, 3] -> RmsNorm(axis = 0, eps = 0.001), [gamma]);
layer!(rms_norm_18, 42007, 1: [1, 2, 3] -> RmsNorm(axis = 2, eps = 0.5, affine = true), [gamma]);
layer!(rms_norm_19, 43007, 2: [58] -> RmsNorm(affine = false), []);
layer!(rms_norm_20, 44007, 1: [3, 5, 4] -> RmsNorm(axis = 1, eps = 0.001), [gamma]);
layer!(rms_norm_21, 45007, 3: [3, 24] -> RmsNorm(axis = 1, affine = false), []);
layer!(rms_norm_22, 46007, 1: [47] -> RmsNorm(eps = 0.5), [gamma]);
layer!(rms_norm_23, 47007, 2: [5, 3, 2, 4] -> RmsNorm(axis = 1, eps = 0.001, affine = true), [gamma]);
layer!(group_norm_00, 48007, 2: [12] -> GroupNorm(3, eps = 0.001), [gamma, beta]);
layer!(group_norm_01, 49007, 2: [2, 1] -> GroupNorm(1, affine = true), [gamma, beta]);
layer!(group_norm_02, 50007, 1: [4, 4, 4] -> GroupNorm(4, eps = 0.5, affine = false), []);
layer!(group_norm_03, 51007, 1: [4] -> GroupNorm(1, eps = 0.5, affine = true), [gamma, beta]);
layer!(group_norm_04, 52007, 1: [12, 2] -> GroupNorm(3, eps = 0.001, affine = false), []);
layer!(group_norm_05, 53007, 1: [5, 5, 2] -> GroupNorm(5), [gamma, beta]);
layer!(group_norm_06, 54007, 3: [6, 5, 3] -> GroupNorm(3, eps = 0.5), [gamma, beta]);
layer!(group_norm_07, 55007, 2: [3, 3] -> GroupNorm(3, eps = 0.001, affine = true), [gamma, beta]);
layer!(group_norm_08, 56007, 3: [4] -> GroupNorm(1, affine = false), []);
layer!(group_norm_09, 57007, 3: [9] -> GroupNorm(3, affine = true), [gamma, beta]);
layer!(group_norm_10, 58007, 3: [2, 6] -> GroupNorm(1, eps = 0.001, affine = false), []);
layer!(group_norm_11, 59007, 2: [3, 6, 4] -> GroupNorm(3, eps = 0.5), [gamma, beta]);
layer!(group_norm_12, 60007, 3: [3, 1, 1] -> GroupNorm(3, eps = 0.5, affine = false), []);
layer!(group_norm_13, 61007, 3: [9, 2] -> GroupNorm(3), [gamma, beta]);
layer!(group_norm_14, 62007, 2: [2] -> GroupNorm(1, eps = 0.001, affine = true), [gamma, beta]);
layer!(group_norm_15, 63007, 2: [3] -> GroupNorm(1, eps = 0.5, affine = false), []);
layer!(group_norm_16, 64007, 1: [4, 6] -> GroupNorm(4), [gamma, beta]);
layer!(group_norm_17, 65007, 2: [9, 2, 3] -> GroupNorm(3, eps = 0.001, affine = true), [gamma, beta]);
layer!(group_norm_18, 66007, 1: [2] -> GroupNorm(1, eps = 0.5, affine = true), [gamma, beta]);
layer!(group_norm_19, 67007, 3: [3, 5, 4] -> GroupNorm(3, eps = 0.001), [gamma, beta]);
layer!(group_norm_20, 68007, 3: [4, 2] -> GroupNorm(2, affine = false), []);
layer!(group_norm_21, 69007, 3: [9] -> GroupNorm(3, eps = 0.001, affine = true), [gamma, beta]);
layer!(group_norm_22, 70007, 1: [2, 3, 1] -> GroupNorm(1, eps = 0.5, affine = false), []);
layer!(group_norm_23, 71007, 3: [6, 4] -> GroupNorm(3), [gamma, beta]);
batch!(batch_norm_00, 72007, 6: [1, 1, 4] -> BatchNorm(eps = 0.001, momentum = 1.0, affine = true), [gamma, beta]);
batch!(batch_norm_01, 73007, 6: [6, 6] -> BatchNorm(eps = 0.5, momentum = 0.25, affine = false), []);
batch!(batch_norm_02, 74007, 5: [1] -> BatchNorm, [gamma, beta]);
batch!(batch_norm_03, 75007, 6: [6, 5, 2] -> BatchNorm(eps = 0.5, momentum = 1.0, affine = false), []);
batch!(batch_norm_04, 76007, 4: [5, 6] -> BatchNorm(eps = 0.001, affine = true), [gamma, beta]);
batch!(batch_norm_05, 77007, 5: [52] -> BatchNorm(momentum = 0.25), [gamma, beta]);
batch!(batch_norm_06, 78007, 4: [6, 1, 4] -> BatchNorm(eps = 0.5, momentum = 1.0, affine = false), []);
batch!(batch_norm_07, 79007, 5: [6, 4] -> BatchNorm(momentum = 0.25), [gamma, beta]);
batch!(batch_norm_08, 80007, 6: [34] -> BatchNorm(eps = 0.001, affine = true), [gamma, beta]);
batch!(batch_norm_09, 81007, 4: [4, 3, 4] -> BatchNorm(eps = 0.5, momentum = 0.25), [gamma, beta]);
batch!(batch_norm_10, 82007, 6: [6, 5] -> BatchNorm(momentum = 1.0, affine = true), [gamma, beta]);
batch!(batch_norm_11, 83007, 4: [3] -> BatchNorm(eps = 0.001, affine = false), []);
batch!(batch_norm_12, 84007, 5: [1, 4, 6] -> BatchNorm(eps = 0.5, affine = false), []);
batch!(batch_norm_13, 85007, 3: [3, 3] -> BatchNorm(momentum = 0.25), [gamma, beta]);
batch!(batch_norm_14, 86007, 5: [22] -> BatchNorm(eps = 0.001, momentum = 1.0, affine = true), [gamma, beta]);
batch!(batch_norm_15, 87007, 4: [3, 3, 5] -> BatchNorm(eps = 0.5, momentum = 1.0, affine = false), []);
batch!(batch_norm_16, 88007, 5: [3, 5] -> BatchNorm(eps = 0.001, affine = true), [gamma, beta]);
batch!(batch_norm_17, 89007, 5: [52] -> BatchNorm(momentum = 0.25), [gamma, beta]);
batch!(batch_norm_18, 90007, 4: [1, 6] -> BatchNorm(momentum = 0.25), [gamma, beta]);
batch!(batch_norm_19, 91007, 4: [5, 2, 2] -> BatchNorm(eps = 0.001, momentum = 1.0, affine = false), []);
batch!(batch_norm_20, 92007, 3: [31] -> BatchNorm(eps = 0.5, affine = true), [gamma, beta]);
batch!(batch_norm_21, 93007, 4: [3, 1, 1] -> BatchNorm(momentum = 1.0, affine = false), []);
batch!(batch_norm_22, 94007, 3: [2, 1] -> BatchNorm(eps = 0.5, momentum = 0.25), [gamma, beta]);
batch!(batch_norm_23, 95007, 6: [68] -> BatchNorm(eps = 0.001, affine = true), [gamma, beta]);

/// Each by its kind of layer.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("LayerNorm", layer_norm_00),
    ("LayerNorm", layer_norm_01),
    ("LayerNorm", layer_norm_02),
    ("LayerNorm", layer_norm_03),
    ("LayerNorm", layer_norm_04),
    ("LayerNorm", layer_norm_05),
    ("LayerNorm", layer_norm_06),
    ("LayerNorm", layer_norm_07),
    ("LayerNorm", layer_norm_08),
    ("LayerNorm", layer_norm_09),
    ("LayerNorm", layer_norm_10),
    ("LayerNorm", layer_norm_11),
    ("LayerNorm", layer_norm_12),
    ("LayerNorm", layer_norm_13),
    ("LayerNorm", layer_norm_14),
    ("LayerNorm", layer_norm_15),
    ("LayerNorm", layer_norm_16),
    ("LayerNorm", layer_norm_17),
    ("LayerNorm", layer_norm_18),
    ("LayerNorm", layer_norm_19),
    ("LayerNorm", layer_norm_20),
    ("LayerNorm", layer_norm_21),
    ("LayerNorm", layer_norm_22),
    ("LayerNorm", layer_norm_23),
    ("RmsNorm", rms_norm_00),
    ("RmsNorm", rms_norm_01),
    ("RmsNorm", rms_norm_02),
    ("RmsNorm", rms_norm_03),
    ("RmsNorm", rms_norm_04),
    ("RmsNorm", rms_norm_05),
    ("RmsNorm", rms_norm_06),
    ("RmsNorm", rms_norm_07),
    ("RmsNorm", rms_norm_08),
    ("RmsNorm", rms_norm_09),
    ("RmsNorm", rms_norm_10),
    ("RmsNorm", rms_norm_11),
    ("RmsNorm", rms_norm_12),
    ("RmsNorm", rms_norm_13),
    ("RmsNorm", rms_norm_14),
    ("RmsNorm", rms_norm_15),
    ("RmsNorm", rms_norm_16),
    ("RmsNorm", rms_norm_17),
    ("RmsNorm", rms_norm_18),
    ("RmsNorm", rms_norm_19),
    ("RmsNorm", rms_norm_20),
    ("RmsNorm", rms_norm_21),
    ("RmsNorm", rms_norm_22),
    ("RmsNorm", rms_norm_23),
    ("GroupNorm", group_norm_00),
    ("GroupNorm", group_norm_01),
    ("GroupNorm", group_norm_02),
    ("GroupNorm", group_norm_03),
    ("GroupNorm", group_norm_04),
    ("GroupNorm", group_norm_05),
    ("GroupNorm", group_norm_06),
    ("GroupNorm", group_norm_07),
    ("GroupNorm", group_norm_08),
    ("GroupNorm", group_norm_09),
    ("GroupNorm", group_norm_10),
    ("GroupNorm", group_norm_11),
    ("GroupNorm", group_norm_12),
    ("GroupNorm", group_norm_13),
    ("GroupNorm", group_norm_14),
    ("GroupNorm", group_norm_15),
    ("GroupNorm", group_norm_16),
    ("GroupNorm", group_norm_17),
    ("GroupNorm", group_norm_18),
    ("GroupNorm", group_norm_19),
    ("GroupNorm", group_norm_20),
    ("GroupNorm", group_norm_21),
    ("GroupNorm", group_norm_22),
    ("GroupNorm", group_norm_23),
    ("BatchNorm", batch_norm_00),
    ("BatchNorm", batch_norm_01),
    ("BatchNorm", batch_norm_02),
    ("BatchNorm", batch_norm_03),
    ("BatchNorm", batch_norm_04),
    ("BatchNorm", batch_norm_05),
    ("BatchNorm", batch_norm_06),
    ("BatchNorm", batch_norm_07),
    ("BatchNorm", batch_norm_08),
    ("BatchNorm", batch_norm_09),
    ("BatchNorm", batch_norm_10),
    ("BatchNorm", batch_norm_11),
    ("BatchNorm", batch_norm_12),
    ("BatchNorm", batch_norm_13),
    ("BatchNorm", batch_norm_14),
    ("BatchNorm", batch_norm_15),
    ("BatchNorm", batch_norm_16),
    ("BatchNorm", batch_norm_17),
    ("BatchNorm", batch_norm_18),
    ("BatchNorm", batch_norm_19),
    ("BatchNorm", batch_norm_20),
    ("BatchNorm", batch_norm_21),
    ("BatchNorm", batch_norm_22),
    ("BatchNorm", batch_norm_23),
];
