// Written by make_onnx.py: name, shape -> layer, its parameters.
case!(layer_normalization_2d_axis1, [4] -> LayerNorm(eps = 1e-05), gamma, beta);
case!(layer_normalization_2d_axis_negative_1, [4] -> LayerNorm(eps = 1e-05), gamma, beta);
case!(layer_normalization_3d_axis1_epsilon, [3, 5] -> LayerNorm(axis = 0, eps = 0.1), gamma, beta);
case!(layer_normalization_3d_axis2_epsilon, [3, 5] -> LayerNorm(axis = 1, eps = 0.1), gamma, beta);
case!(layer_normalization_4d_axis1, [3, 4, 5] -> LayerNorm(axis = 0, eps = 1e-05), gamma, beta);
case!(layer_normalization_4d_axis2, [3, 4, 5] -> LayerNorm(axis = 1, eps = 1e-05), gamma, beta);
case!(layer_normalization_4d_axis3, [3, 4, 5] -> LayerNorm(axis = 2, eps = 1e-05), gamma, beta);
case!(layer_normalization_4d_axis_negative_2, [3, 4, 5] -> LayerNorm(axis = 1, eps = 1e-05), gamma, beta);
case!(layer_normalization_default_axis, [3, 4, 5] -> LayerNorm(axis = 2, eps = 1e-05), gamma, beta);
case!(rms_normalization_2d_axis1, [4] -> RmsNorm(eps = 1e-05), gamma);
case!(rms_normalization_2d_axis_negative_1, [4] -> RmsNorm(eps = 1e-05), gamma);
case!(rms_normalization_3d_axis1_epsilon, [3, 5] -> RmsNorm(axis = 0, eps = 0.1), gamma);
case!(rms_normalization_3d_axis2_epsilon, [3, 5] -> RmsNorm(axis = 1, eps = 0.1), gamma);
case!(rms_normalization_4d_axis1, [3, 4, 5] -> RmsNorm(axis = 0, eps = 1e-05), gamma);
case!(rms_normalization_4d_axis2, [3, 4, 5] -> RmsNorm(axis = 1, eps = 1e-05), gamma);
case!(rms_normalization_4d_axis3, [3, 4, 5] -> RmsNorm(axis = 2, eps = 1e-05), gamma);
case!(rms_normalization_4d_axis_negative_2, [3, 4, 5] -> RmsNorm(axis = 1, eps = 1e-05), gamma);
case!(rms_normalization_default_axis, [3, 4, 5] -> RmsNorm(axis = 2, eps = 1e-05), gamma);
case!(group_normalization_example, [4, 2, 2] -> GroupNorm(2, eps = 1e-05), gamma, beta);
case!(group_normalization_epsilon, [4, 2, 2] -> GroupNorm(2, eps = 0.01), gamma, beta);
case!(instancenorm_example, [2, 1, 3] -> GroupNorm(2, eps = 1e-05), gamma, beta);
case!(instancenorm_epsilon, [3, 4, 5] -> GroupNorm(3, eps = 0.01), gamma, beta);
case!(batchnorm_example, [3, 4, 5] -> BatchNorm(eps = 1e-05), gamma, beta, running_mean, running_var);
case!(batchnorm_epsilon, [3, 4, 5] -> BatchNorm(eps = 0.01), gamma, beta, running_mean, running_var);
trained!(batchnorm_example_training_mode, [3, 4, 5] -> BatchNorm(eps = 1e-05), gamma, beta, running_mean, running_var);
trained!(batchnorm_epsilon_training_mode, [3, 4, 5] -> BatchNorm(eps = 0.01), gamma, beta, running_mean, running_var);

/// Each by its kind of layer.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("LayerNorm", layer_normalization_2d_axis1),
    ("LayerNorm", layer_normalization_2d_axis_negative_1),
    ("LayerNorm", layer_normalization_3d_axis1_epsilon),
    ("LayerNorm", layer_normalization_3d_axis2_epsilon),
    ("LayerNorm", layer_normalization_4d_axis1),
    ("LayerNorm", layer_normalization_4d_axis2),
    ("LayerNorm", layer_normalization_4d_axis3),
    ("LayerNorm", layer_normalization_4d_axis_negative_2),
    ("LayerNorm", layer_normalization_default_axis),
    ("RmsNorm", rms_normalization_2d_axis1),
    ("RmsNorm", rms_normalization_2d_axis_negative_1),
    ("RmsNorm", rms_normalization_3d_axis1_epsilon),
    ("RmsNorm", rms_normalization_3d_axis2_epsilon),
    ("RmsNorm", rms_normalization_4d_axis1),
    ("RmsNorm", rms_normalization_4d_axis2),
    ("RmsNorm", rms_normalization_4d_axis3),
    ("RmsNorm", rms_normalization_4d_axis_negative_2),
    ("RmsNorm", rms_normalization_default_axis),
    ("GroupNorm", group_normalization_example),
    ("GroupNorm", group_normalization_epsilon),
    ("GroupNorm", instancenorm_example),
    ("GroupNorm", instancenorm_epsilon),
    ("BatchNorm", batchnorm_example),
    ("BatchNorm", batchnorm_epsilon),
    ("BatchNorm", batchnorm_example_training_mode),
    ("BatchNorm", batchnorm_epsilon_training_mode),
];
