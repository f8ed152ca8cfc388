// Written by make_cases.py: name, seed, samples: shape -> layer -> shape.
convolution!(conv_00, 7, 2: [2, 10, 7] -> conv2d1: Conv2d(1, (2, 1), padding = (1, 0), dilation = 2) -> [1, 10, 7]);
convolution!(conv_01, 1007, 1: [6, 5, 9] -> conv2d1: Conv2d(9, 4, stride = 3, padding = ((0, 0), (0, 0)), floor = true, groups = 3, bias = true) -> [9, 1, 2]);
convolution!(conv_02, 2007, 3: [4, 5, 17] -> conv2d1: Conv2d(6, (2, 4), stride = 2, padding = valid, dilation = (1, 3), floor = true, groups = 2, bias = false) -> [6, 2, 4]);
convolution!(conv_03, 3007, 2: [4, 7, 4] -> conv2d1: Conv2d(6, 1, stride = 1, padding = same, dilation = (1, 3), groups = 2, bias = true) -> [6, 7, 4]);
convolution!(conv_04, 4007, 3: [1, 6, 6] -> conv2d1: Conv2d(1, 1, stride = (3, 1), dilation = 2, floor = true, bias = false) -> [1, 2, 6]);
convolution!(conv_05, 5007, 3: [3, 8, 9] -> conv2d1: Conv2d(9, (4, 3), stride = (1, 2), padding = (1, 0), groups = 3) -> [9, 7, 4]);
convolution!(conv_06, 6007, 3: [2, 7, 7] -> conv2d1: Conv2d(6, (2, 4), stride = (1, 2), padding = 1, dilation = 2, groups = 2, bias = false) -> [6, 7, 2]);
convolution!(conv_07, 7007, 1: [2, 5, 10] -> conv2d1: Conv2d(3, 2, stride = 3, padding = ((1, 1), (3, 2)), dilation = (1, 3), floor = true, bias = true) -> [3, 2, 4]);
convolution!(conv_08, 8007, 1: [3, 3, 3] -> conv2d1: Conv2d(6, 2, groups = 3) -> [6, 2, 2]);
convolution!(conv_09, 9007, 2: [2, 7, 3] -> conv2d1: Conv2d(6, (3, 1), stride = 2, padding = valid, dilation = 2, groups = 2, bias = false) -> [6, 2, 2]);
convolution!(conv_10, 10007, 2: [6, 3, 14] -> conv2d1: Conv2d(3, (3, 4), stride = (3, 1), padding = same, dilation = (1, 3), groups = 3, bias = true) -> [3, 1, 14]);
convolution!(conv_11, 11007, 1: [2, 1, 7] -> conv2d1: Conv2d(3, 1, stride = 1, padding = 0) -> [3, 1, 7]);
convolution!(conv_12, 12007, 1: [1, 9, 16] -> conv2d1: Conv2d(2, 4, stride = 3, padding = (0, 4), dilation = (1, 3), floor = true) -> [2, 2, 5]);
convolution!(conv_13, 13007, 1: [3, 5, 7] -> conv2d1: Conv2d(6, (1, 3), stride = 1, padding = ((0, 0), (4, 1)), dilation = 2, groups = 3, bias = true) -> [6, 5, 8]);
convolution!(conv_14, 14007, 3: [2, 4, 9] -> conv2d1: Conv2d(4, 3, stride = (3, 1), padding = 1, groups = 2, bias = false) -> [4, 2, 9]);
convolution!(conv_15, 15007, 1: [4, 6, 8] -> conv2d1: Conv2d(6, (4, 3), padding = valid, groups = 2) -> [6, 3, 6]);
convolution!(conv_16, 16007, 2: [1, 8, 7] -> conv2d1: Conv2d(2, (4, 3), stride = 2, dilation = 2, floor = true, bias = true) -> [2, 1, 2]);
convolution!(conv_17, 17007, 2: [6, 6, 14] -> conv2d1: Conv2d(3, 3, stride = (1, 2), padding = same, dilation = (1, 3), groups = 3, bias = false) -> [3, 6, 7]);
convolution!(conv_18, 18007, 1: [3, 7, 2] -> conv2d1: Conv2d(9, 1, stride = 1, dilation = 2, groups = 3, bias = false) -> [9, 7, 2]);
convolution!(conv_19, 19007, 1: [1, 7, 4] -> conv2d1: Conv2d(2, 3, stride = (3, 1), padding = (0, 1), floor = true) -> [2, 2, 4]);
convolution!(conv_20, 20007, 2: [2, 8, 3] -> conv2d1: Conv2d(4, 1, stride = (1, 2), padding = valid, dilation = (1, 3), groups = 2, bias = true) -> [4, 8, 2]);
convolution!(conv_21, 21007, 3: [2, 8, 3] -> conv2d1: Conv2d(3, 3, stride = 2, padding = same) -> [3, 4, 2]);
convolution!(conv_22, 22007, 3: [6, 4, 15] -> conv2d1: Conv2d(3, (3, 4), stride = 3, padding = 1, dilation = (1, 3), floor = true, groups = 3, bias = true) -> [3, 2, 3]);
convolution!(conv_23, 23007, 3: [2, 10, 10] -> conv2d1: Conv2d(6, 4, padding = ((2, 0), (6, 2)), dilation = 2, groups = 2, bias = false) -> [6, 6, 12]);
convolution!(conv_24, 24007, 1: [3, 5, 7] -> conv2d1: Conv2d(6, (3, 2), stride = 2, padding = same, groups = 3, bias = true) -> [6, 3, 4]);
convolution!(conv_25, 25007, 2: [2, 2, 5] -> conv2d1: Conv2d(2, 1, padding = 0, dilation = 2) -> [2, 2, 5]);
convolution!(conv_26, 26007, 3: [4, 6, 12] -> conv2d1: Conv2d(2, 4, stride = (1, 2), padding = valid, dilation = (1, 3), groups = 2, bias = false) -> [2, 3, 2]);
convolution!(conv_27, 27007, 3: [2, 3, 9] -> conv2d1: Conv2d(2, (3, 2), stride = 1, padding = ((2, 2), (1, 1)), dilation = (1, 3), groups = 2, bias = true) -> [2, 5, 8]);
convolution!(conv_28, 28007, 2: [2, 10, 10] -> conv2d1: Conv2d(1, 2, stride = (3, 1), padding = 1, dilation = 2, bias = false) -> [1, 4, 10]);
convolution!(conv_29, 29007, 3: [6, 6, 3] -> conv2d1: Conv2d(6, (4, 1), stride = 3, floor = true, groups = 3) -> [6, 1, 1]);
convolution!(conv_30, 30007, 3: [6, 9, 12] -> conv2d1: Conv2d(9, 4, stride = 1, dilation = 2, groups = 3, bias = false) -> [9, 3, 6]);
convolution!(conv_31, 31007, 3: [2, 8, 9] -> conv2d1: Conv2d(2, 2, stride = (1, 2), padding = same, dilation = (1, 3), groups = 2) -> [2, 8, 5]);
convolution!(conv_32, 32007, 3: [1, 8, 5] -> conv2d1: Conv2d(3, 3, stride = 3, padding = 2, bias = true) -> [3, 4, 3]);
convolution!(conv_33, 33007, 3: [6, 7, 10] -> conv2d1: Conv2d(6, (4, 2), stride = 2, padding = valid, dilation = 2, floor = true, groups = 3, bias = true) -> [6, 1, 4]);
convolution!(conv_34, 34007, 2: [2, 3, 4] -> conv2d1: Conv2d(4, 2, stride = (3, 1), padding = ((0, 1), (0, 1)), floor = true, groups = 2, bias = false) -> [4, 1, 4]);
convolution!(conv_35, 35007, 3: [2, 3, 14] -> conv2d1: Conv2d(3, (2, 4), padding = 1, dilation = (1, 3)) -> [3, 4, 7]);
convolution!(transposed_00, 36007, 3: [2, 3, 4] -> conv_transpose2d1: ConvTranspose2d(2, (1, 2), stride = (1, 2), dilation = 2) -> [2, 3, 9]);
convolution!(transposed_01, 37007, 1: [4, 3, 5] -> conv_transpose2d1: ConvTranspose2d(2, (3, 4), stride = 1, dilation = (1, 2), groups = 2, bias = false) -> [2, 5, 11]);
convolution!(transposed_02, 38007, 2: [1, 4, 5] -> conv_transpose2d1: ConvTranspose2d(1, 1, stride = 3, output_padding = (2, 1)) -> [1, 12, 14]);
convolution!(transposed_03, 39007, 2: [2, 5, 2] -> conv_transpose2d1: ConvTranspose2d(2, (4, 3), stride = 2, padding = (2, 1), dilation = (1, 2), groups = 2, bias = false) -> [2, 8, 5]);
convolution!(transposed_04, 40007, 2: [2, 4, 2] -> conv_transpose2d1: ConvTranspose2d(1, (2, 4), output_padding = 1, dilation = 2, bias = false) -> [1, 7, 9]);
convolution!(transposed_05, 41007, 3: [4, 3, 2] -> conv_transpose2d1: ConvTranspose2d(4, (2, 3), padding = 1, groups = 2) -> [4, 2, 2]);
convolution!(transposed_06, 42007, 1: [2, 5, 2] -> conv_transpose2d1: ConvTranspose2d(4, (4, 3), stride = 2, output_padding = (0, 1), dilation = 2, groups = 2, bias = false) -> [4, 15, 8]);
convolution!(transposed_07, 43007, 1: [2, 4, 3] -> conv_transpose2d1: ConvTranspose2d(2, (4, 1), stride = 1, padding = (2, 0)) -> [2, 3, 3]);
convolution!(transposed_08, 44007, 3: [2, 4, 3] -> conv_transpose2d1: ConvTranspose2d(2, (1, 3), stride = (1, 2), padding = (0, 1), dilation = (1, 2), bias = false) -> [2, 4, 7]);
convolution!(transposed_09, 45007, 3: [2, 5, 4] -> conv_transpose2d1: ConvTranspose2d(2, (3, 2), stride = 3, padding = (1, 0), dilation = (1, 2), groups = 2) -> [2, 13, 12]);
convolution!(transposed_10, 46007, 1: [4, 3, 3] -> conv_transpose2d1: ConvTranspose2d(2, (2, 4), stride = (1, 2), output_padding = (0, 1), groups = 2, bias = false) -> [2, 4, 9]);
convolution!(transposed_11, 47007, 3: [1, 5, 2] -> conv_transpose2d1: ConvTranspose2d(1, (2, 3), padding = 1, dilation = 2) -> [1, 5, 4]);
convolution!(transposed_12, 48007, 2: [2, 4, 2] -> conv_transpose2d1: ConvTranspose2d(2, (1, 2), stride = 3, padding = (0, 1), groups = 2, bias = false) -> [2, 10, 3]);
convolution!(transposed_13, 49007, 2: [2, 4, 5] -> conv_transpose2d1: ConvTranspose2d(2, (2, 4), stride = 2, output_padding = (0, 1), dilation = (1, 2)) -> [2, 8, 16]);
convolution!(transposed_14, 50007, 3: [2, 4, 5] -> conv_transpose2d1: ConvTranspose2d(1, (1, 2), stride = 1, padding = (0, 1), dilation = 2) -> [1, 4, 5]);
convolution!(transposed_15, 51007, 3: [2, 5, 4] -> conv_transpose2d1: ConvTranspose2d(2, (2, 1), output_padding = (1, 0), dilation = 2, groups = 2, bias = false) -> [2, 8, 4]);
convolution!(transposed_16, 52007, 3: [4, 2, 5] -> conv_transpose2d1: ConvTranspose2d(2, (2, 1), stride = 3, groups = 2) -> [2, 5, 13]);
convolution!(transposed_17, 53007, 3: [2, 2, 3] -> conv_transpose2d1: ConvTranspose2d(2, 4, stride = 2, padding = 1, output_padding = (1, 0), dilation = (1, 2), bias = false) -> [2, 5, 9]);
max_pool!(max_00, 54007, 1: [1, 3, 6] -> MaxPool2d(2, stride = (3, 1), padding = same) -> [1, 1, 6], MaxPool2d<2, 2, 3, 1, 0, 0>);
max_pool!(max_01, 55007, 3: [2, 2, 2] -> MaxPool2d((2, 1), stride = 3, floor = true) -> [2, 1, 1], MaxPool2d<2, 1, 3, 3, 0, 0>);
max_pool!(max_02, 56007, 3: [1, 3, 8] -> MaxPool2d((3, 1), padding = (1, 0), floor = true) -> [1, 1, 8], MaxPool2d<3, 1, 3, 1, 1, 0>);
max_pool!(max_03, 57007, 1: [2, 8, 5] -> MaxPool2d(4, stride = (1, 2), padding = ((2, 2), (0, 2)), floor = true) -> [2, 9, 2], MaxPool2d<4, 4, 1, 2, 2, 0>);
max_pool!(max_04, 58007, 3: [2, 7, 4] -> MaxPool2d((1, 3), stride = 1, padding = (0, 1)) -> [2, 7, 4], MaxPool2d<1, 3, 1, 1, 0, 1>);
max_pool!(max_05, 59007, 3: [2, 6, 7] -> MaxPool2d(1, stride = 2, padding = valid, floor = true) -> [2, 3, 4], MaxPool2d<1, 1, 2, 2, 0, 0>);
max_pool!(max_06, 60007, 3: [1, 1, 6] -> MaxPool2d((1, 2), stride = (1, 2), padding = (0, 1)) -> [1, 1, 4], MaxPool2d<1, 2, 1, 2, 0, 1>);
max_pool!(max_07, 61007, 2: [1, 3, 8] -> MaxPool2d(2, stride = (3, 1), padding = same) -> [1, 1, 8], MaxPool2d<2, 2, 3, 1, 0, 0>);
max_pool!(max_08, 62007, 3: [1, 5, 6] -> MaxPool2d(1, stride = 2, padding = ((0, 0), (0, 0)), floor = true) -> [1, 3, 3], MaxPool2d<1, 1, 2, 2, 0, 0>);
max_pool!(max_09, 63007, 2: [2, 3, 9] -> MaxPool2d(2, stride = 1, padding = 1) -> [2, 4, 10], MaxPool2d<2, 2, 1, 1, 1, 1>);
max_pool!(max_10, 64007, 3: [2, 6, 3] -> MaxPool2d((4, 3), floor = true) -> [2, 1, 1], MaxPool2d<4, 3, 4, 3, 0, 0>);
max_pool!(max_11, 65007, 2: [3, 9, 7] -> MaxPool2d(3, stride = 3, padding = valid, floor = true) -> [3, 3, 2], MaxPool2d<3, 3, 3, 3, 0, 0>);
max_pool!(max_12, 66007, 1: [1, 6, 5] -> MaxPool2d(3, stride = 1, padding = same) -> [1, 6, 5], MaxPool2d<3, 3, 1, 1, 1, 1>);
max_pool!(max_13, 67007, 2: [1, 5, 4] -> MaxPool2d((4, 1), stride = (3, 1), padding = (1, 0)) -> [1, 2, 4], MaxPool2d<4, 1, 3, 1, 1, 0>);
max_pool!(max_14, 68007, 3: [2, 1, 6] -> MaxPool2d(1, stride = 2, padding = ((0, 0), (0, 0)), floor = true) -> [2, 1, 3], MaxPool2d<1, 1, 2, 2, 0, 0>);
max_pool!(max_15, 69007, 3: [1, 5, 11] -> MaxPool2d((2, 4), stride = (1, 2), padding = valid, floor = true) -> [1, 4, 4], MaxPool2d<2, 4, 1, 2, 0, 0>);
max_pool!(max_16, 70007, 2: [3, 10, 4] -> MaxPool2d(3, padding = 1) -> [3, 4, 2], MaxPool2d<3, 3, 3, 3, 1, 1>);
max_pool!(max_17, 71007, 3: [3, 7, 5] -> MaxPool2d((4, 1), stride = 3, floor = true) -> [3, 2, 2], MaxPool2d<4, 1, 3, 3, 0, 0>);
max_pool!(max_18, 72007, 2: [1, 6, 5] -> MaxPool2d(1, stride = (1, 2), padding = ((0, 0), (0, 0))) -> [1, 6, 3], MaxPool2d<1, 1, 1, 2, 0, 0>);
max_pool!(max_19, 73007, 2: [2, 10, 4] -> MaxPool2d(4, stride = 2) -> [2, 4, 1], MaxPool2d<4, 4, 2, 2, 0, 0>);
avg_pool!(avg_00, 74007, 2: [2, 4, 10] -> AvgPool2d(4, floor = true, count_include_pad = true) -> [2, 1, 2], AvgPool2d<4, 4, 4, 4, 0, 0, true>);
avg_pool!(avg_01, 75007, 2: [1, 4, 11] -> AvgPool2d((3, 4), stride = (1, 2), padding = (1, 2), floor = true, count_include_pad = false) -> [1, 4, 6], AvgPool2d<3, 4, 1, 2, 1, 2, false>);
avg_pool!(avg_02, 76007, 2: [2, 4, 6] -> AvgPool2d(2, stride = 3, padding = 1, floor = true) -> [2, 2, 3], AvgPool2d<2, 2, 3, 3, 1, 1, true>);
avg_pool!(avg_03, 77007, 2: [3, 7, 10] -> AvgPool2d((4, 3), stride = 2, padding = same, count_include_pad = true) -> [3, 4, 5], AvgPool2d<4, 3, 2, 2, 1, 0, true>);
avg_pool!(avg_04, 78007, 1: [2, 4, 1] -> AvgPool2d(1, stride = 1, padding = valid) -> [2, 4, 1], AvgPool2d<1, 1, 1, 1, 0, 0, true>);
avg_pool!(avg_05, 79007, 1: [3, 5, 7] -> AvgPool2d((4, 1), stride = (3, 1), padding = ((0, 1), (0, 0)), floor = true, count_include_pad = false) -> [3, 1, 7], AvgPool2d<4, 1, 3, 1, 0, 0, false>);
avg_pool!(avg_06, 80007, 3: [1, 6, 8] -> AvgPool2d((4, 1), stride = (3, 1), padding = same) -> [1, 2, 8], AvgPool2d<4, 1, 3, 1, 0, 0, true>);
avg_pool!(avg_07, 81007, 1: [3, 8, 7] -> AvgPool2d(1, stride = 3, padding = 0, floor = true, count_include_pad = false) -> [3, 3, 3], AvgPool2d<1, 1, 3, 3, 0, 0, false>);
avg_pool!(avg_08, 82007, 3: [3, 5, 8] -> AvgPool2d((1, 2), stride = 1, padding = valid, count_include_pad = true) -> [3, 5, 7], AvgPool2d<1, 2, 1, 1, 0, 0, true>);
avg_pool!(avg_09, 83007, 3: [2, 4, 9] -> AvgPool2d(4, stride = 2, floor = true) -> [2, 1, 3], AvgPool2d<4, 4, 2, 2, 0, 0, true>);
avg_pool!(avg_10, 84007, 1: [2, 8, 7] -> AvgPool2d(4, padding = ((3, 1), (1, 2)), floor = true, count_include_pad = true) -> [2, 3, 2], AvgPool2d<4, 4, 4, 4, 3, 1, true>);
avg_pool!(avg_11, 85007, 2: [1, 6, 8] -> AvgPool2d((2, 4), stride = (1, 2), padding = (1, 2), count_include_pad = false) -> [1, 7, 5], AvgPool2d<2, 4, 1, 2, 1, 2, false>);
avg_pool!(avg_12, 86007, 3: [1, 5, 10] -> AvgPool2d(3, stride = 2, padding = valid, floor = true) -> [1, 2, 4], AvgPool2d<3, 3, 2, 2, 0, 0, true>);
avg_pool!(avg_13, 87007, 3: [2, 10, 9] -> AvgPool2d((3, 2), stride = 3, padding = ((1, 0), (0, 0)), floor = true, count_include_pad = true) -> [2, 3, 3], AvgPool2d<3, 2, 3, 3, 1, 0, true>);
avg_pool!(avg_14, 88007, 2: [2, 4, 5] -> AvgPool2d(1, padding = same, count_include_pad = false) -> [2, 4, 5], AvgPool2d<1, 1, 1, 1, 0, 0, false>);
avg_pool!(avg_15, 89007, 3: [3, 4, 7] -> AvgPool2d((1, 3), stride = 1, padding = (0, 1), count_include_pad = true) -> [3, 4, 7], AvgPool2d<1, 3, 1, 1, 0, 1, true>);
avg_pool!(avg_16, 90007, 1: [2, 8, 5] -> AvgPool2d(3, stride = (1, 2), padding = 1) -> [2, 8, 3], AvgPool2d<3, 3, 1, 2, 1, 1, true>);
avg_pool!(avg_17, 91007, 1: [2, 5, 8] -> AvgPool2d((1, 3), stride = (3, 1), floor = true, count_include_pad = false) -> [2, 2, 6], AvgPool2d<1, 3, 3, 1, 0, 0, false>);
avg_pool!(avg_18, 92007, 1: [3, 8, 6] -> AvgPool2d(3, stride = 1, padding = 1, count_include_pad = true) -> [3, 8, 6], AvgPool2d<3, 3, 1, 1, 1, 1, true>);
avg_pool!(avg_19, 93007, 2: [1, 5, 5] -> AvgPool2d((3, 1), padding = same, count_include_pad = false) -> [1, 2, 5], AvgPool2d<3, 1, 3, 1, 0, 0, false>);
linear!(upsample_00, 94007, 3: [2, 3, 2] -> Upsample((3, 1), mode = nearest) -> [2, 9, 2], Upsample::<3, 1, false>);
linear!(upsample_01, 95007, 1: [3, 1, 2] -> Upsample(3) -> [3, 3, 6], Upsample::<3, 3, false>);
linear!(upsample_02, 96007, 2: [2, 1, 3] -> Upsample(1, mode = bilinear) -> [2, 1, 3], Upsample::<1, 1, true>);
linear!(upsample_03, 97007, 2: [2, 2, 4] -> Upsample((2, 3), mode = bilinear) -> [2, 4, 12], Upsample::<2, 3, true>);
linear!(upsample_04, 98007, 1: [3, 3, 1] -> Upsample(2, mode = nearest) -> [3, 6, 2], Upsample::<2, 2, false>);
linear!(upsample_05, 99007, 2: [3, 2, 2] -> Upsample((3, 1)) -> [3, 6, 2], Upsample::<3, 1, false>);
linear!(upsample_06, 100007, 1: [3, 2, 4] -> Upsample(1, mode = bilinear) -> [3, 2, 4], Upsample::<1, 1, true>);
linear!(upsample_07, 101007, 2: [1, 2, 4] -> Upsample(3, mode = nearest) -> [1, 6, 12], Upsample::<3, 3, false>);
linear!(pad_00, 102007, 1: [3, 2, 3] -> Pad((2, 0), value = 0.5) -> [3, 6, 3], Pad::<2, 0>(0.5));
linear!(pad_01, 103007, 2: [3, 1, 4] -> Pad(0) -> [3, 1, 4], Pad::<0, 0>(0.0));
linear!(pad_02, 104007, 2: [2, 4, 4] -> Pad(((3, 0), (0, 3)), value = -2.0) -> [2, 7, 7], Pad::<3, 0>(-2.0));
linear!(pad_03, 105007, 3: [3, 1, 1] -> Pad(0, value = -2.0) -> [3, 1, 1], Pad::<0, 0>(-2.0));
linear!(pad_04, 106007, 3: [2, 3, 4] -> Pad((1, 1), value = 0.5) -> [2, 5, 6], Pad::<1, 1>(0.5));
linear!(pad_05, 107007, 1: [1, 1, 3] -> Pad(((3, 2), (2, 0))) -> [1, 6, 5], Pad::<3, 2>(0.0));

/// Each by its kind of layer.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("Conv2d", conv_00),
    ("Conv2d", conv_01),
    ("Conv2d", conv_02),
    ("Conv2d", conv_03),
    ("Conv2d", conv_04),
    ("Conv2d", conv_05),
    ("Conv2d", conv_06),
    ("Conv2d", conv_07),
    ("Conv2d", conv_08),
    ("Conv2d", conv_09),
    ("Conv2d", conv_10),
    ("Conv2d", conv_11),
    ("Conv2d", conv_12),
    ("Conv2d", conv_13),
    ("Conv2d", conv_14),
    ("Conv2d", conv_15),
    ("Conv2d", conv_16),
    ("Conv2d", conv_17),
    ("Conv2d", conv_18),
    ("Conv2d", conv_19),
    ("Conv2d", conv_20),
    ("Conv2d", conv_21),
    ("Conv2d", conv_22),
    ("Conv2d", conv_23),
    ("Conv2d", conv_24),
    ("Conv2d", conv_25),
    ("Conv2d", conv_26),
    ("Conv2d", conv_27),
    ("Conv2d", conv_28),
    ("Conv2d", conv_29),
    ("Conv2d", conv_30),
    ("Conv2d", conv_31),
    ("Conv2d", conv_32),
    ("Conv2d", conv_33),
    ("Conv2d", conv_34),
    ("Conv2d", conv_35),
    ("ConvTranspose2d", transposed_00),
    ("ConvTranspose2d", transposed_01),
    ("ConvTranspose2d", transposed_02),
    ("ConvTranspose2d", transposed_03),
    ("ConvTranspose2d", transposed_04),
    ("ConvTranspose2d", transposed_05),
    ("ConvTranspose2d", transposed_06),
    ("ConvTranspose2d", transposed_07),
    ("ConvTranspose2d", transposed_08),
    ("ConvTranspose2d", transposed_09),
    ("ConvTranspose2d", transposed_10),
    ("ConvTranspose2d", transposed_11),
    ("ConvTranspose2d", transposed_12),
    ("ConvTranspose2d", transposed_13),
    ("ConvTranspose2d", transposed_14),
    ("ConvTranspose2d", transposed_15),
    ("ConvTranspose2d", transposed_16),
    ("ConvTranspose2d", transposed_17),
    ("MaxPool2d", max_00),
    ("MaxPool2d", max_01),
    ("MaxPool2d", max_02),
    ("MaxPool2d", max_03),
    ("MaxPool2d", max_04),
    ("MaxPool2d", max_05),
    ("MaxPool2d", max_06),
    ("MaxPool2d", max_07),
    ("MaxPool2d", max_08),
    ("MaxPool2d", max_09),
    ("MaxPool2d", max_10),
    ("MaxPool2d", max_11),
    ("MaxPool2d", max_12),
    ("MaxPool2d", max_13),
    ("MaxPool2d", max_14),
    ("MaxPool2d", max_15),
    ("MaxPool2d", max_16),
    ("MaxPool2d", max_17),
    ("MaxPool2d", max_18),
    ("MaxPool2d", max_19),
    ("AvgPool2d", avg_00),
    ("AvgPool2d", avg_01),
    ("AvgPool2d", avg_02),
    ("AvgPool2d", avg_03),
    ("AvgPool2d", avg_04),
    ("AvgPool2d", avg_05),
    ("AvgPool2d", avg_06),
    ("AvgPool2d", avg_07),
    ("AvgPool2d", avg_08),
    ("AvgPool2d", avg_09),
    ("AvgPool2d", avg_10),
    ("AvgPool2d", avg_11),
    ("AvgPool2d", avg_12),
    ("AvgPool2d", avg_13),
    ("AvgPool2d", avg_14),
    ("AvgPool2d", avg_15),
    ("AvgPool2d", avg_16),
    ("AvgPool2d", avg_17),
    ("AvgPool2d", avg_18),
    ("AvgPool2d", avg_19),
    ("Upsample", upsample_00),
    ("Upsample", upsample_01),
    ("Upsample", upsample_02),
    ("Upsample", upsample_03),
    ("Upsample", upsample_04),
    ("Upsample", upsample_05),
    ("Upsample", upsample_06),
    ("Upsample", upsample_07),
    ("Pad", pad_00),
    ("Pad", pad_01),
    ("Pad", pad_02),
    ("Pad", pad_03),
    ("Pad", pad_04),
    ("Pad", pad_05),
];
