// Written by make_onnx.py: name, shape -> layer, its parameters.
case!(basic_conv_with_padding, [1, 5, 5] -> Conv2d(1, 3, stride = 1, padding = ((1, 1), (1, 1)), groups = 1, bias = false), W);
case!(basic_conv_without_padding, [1, 5, 5] -> Conv2d(1, 3, stride = 1, groups = 1, bias = false), W);
case!(conv_with_autopad_same, [1, 5, 5] -> Conv2d(1, 3, stride = 2, padding = ((1, 1), (1, 1)), groups = 1, bias = false), W);
case!(conv_with_strides_and_asymmetric_padding, [1, 7, 5] -> Conv2d(1, 3, stride = 2, padding = ((1, 1), (0, 0)), groups = 1, bias = false), W);
case!(conv_with_strides_no_padding, [1, 7, 5] -> Conv2d(1, 3, stride = 2, groups = 1, bias = false), W);
case!(conv_with_strides_padding, [1, 7, 5] -> Conv2d(1, 3, stride = 2, padding = ((1, 1), (1, 1)), groups = 1, bias = false), W);
case!(convtranspose, [1, 3, 3] -> ConvTranspose2d(2, 3, stride = 1, groups = 1, bias = false), W);
case!(convtranspose_autopad_same, [1, 3, 3] -> ConvTranspose2d(2, 3, stride = 2, padding = ((0, 1), (0, 1)), groups = 1, bias = false), W);
case!(convtranspose_dilations, [1, 3, 3] -> ConvTranspose2d(1, 2, stride = 1, dilation = 2, groups = 1, bias = false), W);
case!(convtranspose_group_2, [2, 3, 3] -> ConvTranspose2d(2, 3, stride = 1, groups = 2, bias = false), W);
case!(convtranspose_group_2_image_3, [2, 3, 3] -> ConvTranspose2d(2, 3, stride = 1, groups = 2, bias = false), W);
case!(convtranspose_kernel_shape, [1, 3, 3] -> ConvTranspose2d(2, 3, stride = (3, 2), output_padding = 1, groups = 1, bias = false), W);
case!(convtranspose_output_shape, [1, 3, 3] -> ConvTranspose2d(2, 3, stride = (3, 2), output_padding = 1, groups = 1, bias = false), W);
case!(convtranspose_pad, [1, 3, 3] -> ConvTranspose2d(2, 3, stride = (3, 2), output_padding = 1, groups = 1, bias = false), W);
case!(convtranspose_pads, [1, 3, 3] -> ConvTranspose2d(2, 3, stride = (3, 2), padding = ((1, 1), (2, 2)), groups = 1, bias = false), W);
case!(maxpool_2d_ceil, [1, 4, 4] -> MaxPool2d(3, stride = 2, padding = ((0, 1), (0, 1))));
case!(maxpool_2d_ceil_output_size_reduce_by_one, [1, 2, 2] -> MaxPool2d(1, stride = 2, floor = true));
case!(maxpool_2d_default, [1, 32, 32] -> MaxPool2d(2, stride = 1));
case!(maxpool_2d_pads, [1, 28, 28] -> MaxPool2d(3, stride = 1, padding = ((2, 2), (2, 2))));
case!(maxpool_2d_precomputed_pads, [1, 5, 5] -> MaxPool2d(5, stride = 1, padding = ((2, 2), (2, 2))));
case!(maxpool_2d_precomputed_same_upper, [1, 5, 5] -> MaxPool2d(3, stride = 2, padding = same));
case!(maxpool_2d_precomputed_strides, [1, 5, 5] -> MaxPool2d(2, stride = 2, floor = true));
case!(maxpool_2d_same_lower, [1, 32, 32] -> MaxPool2d(2, stride = 1, padding = ((1, 0), (1, 0))));
case!(maxpool_2d_same_upper, [1, 32, 32] -> MaxPool2d(2, stride = 1, padding = same));
case!(maxpool_2d_strides, [1, 32, 32] -> MaxPool2d(5, stride = 3));
case!(averagepool_2d_ceil, [1, 4, 4] -> AvgPool2d(3, stride = 2, padding = ((0, 1), (0, 1)), count_include_pad = false));
case!(averagepool_2d_default, [1, 32, 32] -> AvgPool2d(2, stride = 1, count_include_pad = false));
case!(averagepool_2d_pads, [1, 28, 28] -> AvgPool2d(3, stride = 1, padding = ((2, 2), (2, 2)), count_include_pad = false));
case!(averagepool_2d_pads_count_include_pad, [1, 28, 28] -> AvgPool2d(3, stride = 1, padding = ((2, 2), (2, 2)), count_include_pad = true));
case!(averagepool_2d_precomputed_pads, [1, 5, 5] -> AvgPool2d(5, stride = 1, padding = ((2, 2), (2, 2)), count_include_pad = false));
case!(averagepool_2d_precomputed_pads_count_include_pad, [1, 5, 5] -> AvgPool2d(5, stride = 1, padding = ((2, 2), (2, 2)), count_include_pad = true));
case!(averagepool_2d_precomputed_same_upper, [1, 5, 5] -> AvgPool2d(3, stride = 2, padding = same, count_include_pad = false));
case!(averagepool_2d_precomputed_strides, [1, 5, 5] -> AvgPool2d(2, stride = 2, floor = true, count_include_pad = false));
case!(averagepool_2d_same_lower, [1, 32, 32] -> AvgPool2d(2, stride = 1, padding = ((1, 0), (1, 0)), count_include_pad = false));
case!(averagepool_2d_same_upper, [1, 32, 32] -> AvgPool2d(2, stride = 1, padding = same, count_include_pad = false));
case!(averagepool_2d_strides, [1, 32, 32] -> AvgPool2d(5, stride = 3, count_include_pad = false));
case!(globalaveragepool, [3, 5, 5] -> GlobalAvgPool);
case!(globalaveragepool_precomputed, [1, 3, 3] -> GlobalAvgPool);
case!(constant_pad, [3, 4, 5] -> Pad(((1, 2), (3, 4)), value = 1.2000000476837158));
case!(constant_pad_axes, [3, 4, 5] -> Pad(((0, 0), (3, 4)), value = 1.2000000476837158));
case!(constant_pad_negative_axes, [3, 4, 5] -> Pad(((0, 0), (3, 4)), value = 1.2000000476837158));
case!(resize_upsample_scales_linear, [1, 2, 2] -> Upsample(2, mode = bilinear));
case!(resize_upsample_scales_nearest, [1, 2, 2] -> Upsample((2, 3), mode = nearest));
case!(upsample_nearest, [1, 2, 2] -> Upsample((2, 3), mode = nearest));
case!(flatten_axis1, [3, 4, 5] -> Flatten);
case!(flatten_default_axis, [4, 3, 2] -> Flatten);
case!(reshape_reduced_dims, [3, 4] -> Reshape(12));
case!(converted_conv2d, [3, 7, 5] -> Conv2d(4, (3, 2), stride = 1, groups = 1, bias = true), W, b);
case!(converted_conv2d_depthwise, [4, 6, 6] -> Conv2d(4, 3, stride = 1, groups = 4, bias = true), W, b);
case!(converted_conv2d_depthwise_padded, [4, 6, 6] -> Conv2d(4, 3, stride = 1, padding = ((1, 1), (1, 1)), groups = 4, bias = true), W, b);
case!(converted_conv2d_depthwise_strided, [4, 6, 6] -> Conv2d(4, 3, stride = 2, floor = true, groups = 4, bias = true), W, b);
case!(converted_conv2d_depthwise_with_multiplier, [4, 6, 6] -> Conv2d(8, 3, stride = 1, groups = 4, bias = true), W, b);
case!(converted_conv2d_dilated, [3, 8, 8] -> Conv2d(2, 3, stride = 2, dilation = 2, floor = true, padding = ((1, 1), (1, 1)), groups = 1, bias = true), W, b);
case!(converted_conv2d_groups, [4, 6, 5] -> Conv2d(6, (3, 2), stride = 1, groups = 2, bias = true), W, b);
case!(converted_conv2d_groups_thnn, [4, 6, 5] -> Conv2d(6, (3, 2), stride = 1, groups = 2, bias = true), W, b);
case!(converted_conv2d_no_bias, [3, 6, 5] -> Conv2d(4, (3, 2), stride = 1, groups = 1, bias = false), W);
case!(converted_conv2d_padding, [3, 6, 6] -> Conv2d(4, 3, stride = 2, floor = true, padding = ((1, 1), (1, 1)), groups = 1, bias = true), W, b);
case!(converted_conv2d_strided, [3, 6, 6] -> Conv2d(4, 3, stride = 2, floor = true, groups = 1, bias = true), W, b);
case!(converted_convtranspose2d, [3, 7, 6] -> ConvTranspose2d(4, 3, stride = (3, 2), output_padding = 1, padding = ((1, 1), (1, 1)), groups = 1, bias = true), W, b);
case!(converted_convtranspose2d_no_bias, [3, 6, 7] -> ConvTranspose2d(4, 3, stride = (2, 3), output_padding = 1, padding = ((1, 1), (1, 1)), groups = 1, bias = false), W);
case!(converted_maxpool2d, [3, 7, 7] -> MaxPool2d(3, stride = 2, padding = ((1, 1), (1, 1))));
case!(converted_avgpool2d, [3, 6, 6] -> AvgPool2d(2, stride = 2, count_include_pad = false));
case!(converted_avgpool2d_stride, [3, 6, 6] -> AvgPool2d(2, stride = 2, count_include_pad = false));

/// Each by its kind of layer.
pub(crate) const ALL: &[(&str, fn())] = &[
    ("Conv2d", basic_conv_with_padding),
    ("Conv2d", basic_conv_without_padding),
    ("Conv2d", conv_with_autopad_same),
    ("Conv2d", conv_with_strides_and_asymmetric_padding),
    ("Conv2d", conv_with_strides_no_padding),
    ("Conv2d", conv_with_strides_padding),
    ("ConvTranspose2d", convtranspose),
    ("ConvTranspose2d", convtranspose_autopad_same),
    ("ConvTranspose2d", convtranspose_dilations),
    ("ConvTranspose2d", convtranspose_group_2),
    ("ConvTranspose2d", convtranspose_group_2_image_3),
    ("ConvTranspose2d", convtranspose_kernel_shape),
    ("ConvTranspose2d", convtranspose_output_shape),
    ("ConvTranspose2d", convtranspose_pad),
    ("ConvTranspose2d", convtranspose_pads),
    ("MaxPool2d", maxpool_2d_ceil),
    ("MaxPool2d", maxpool_2d_ceil_output_size_reduce_by_one),
    ("MaxPool2d", maxpool_2d_default),
    ("MaxPool2d", maxpool_2d_pads),
    ("MaxPool2d", maxpool_2d_precomputed_pads),
    ("MaxPool2d", maxpool_2d_precomputed_same_upper),
    ("MaxPool2d", maxpool_2d_precomputed_strides),
    ("MaxPool2d", maxpool_2d_same_lower),
    ("MaxPool2d", maxpool_2d_same_upper),
    ("MaxPool2d", maxpool_2d_strides),
    ("AvgPool2d", averagepool_2d_ceil),
    ("AvgPool2d", averagepool_2d_default),
    ("AvgPool2d", averagepool_2d_pads),
    ("AvgPool2d", averagepool_2d_pads_count_include_pad),
    ("AvgPool2d", averagepool_2d_precomputed_pads),
    ("AvgPool2d", averagepool_2d_precomputed_pads_count_include_pad),
    ("AvgPool2d", averagepool_2d_precomputed_same_upper),
    ("AvgPool2d", averagepool_2d_precomputed_strides),
    ("AvgPool2d", averagepool_2d_same_lower),
    ("AvgPool2d", averagepool_2d_same_upper),
    ("AvgPool2d", averagepool_2d_strides),
    ("GlobalAvgPool", globalaveragepool),
    ("GlobalAvgPool", globalaveragepool_precomputed),
    ("Pad", constant_pad),
    ("Pad", constant_pad_axes),
    ("Pad", constant_pad_negative_axes),
    ("Upsample", resize_upsample_scales_linear),
    ("Upsample", resize_upsample_scales_nearest),
    ("Upsample", upsample_nearest),
    ("Flatten", flatten_axis1),
    ("Flatten", flatten_default_axis),
    ("Reshape", reshape_reduced_dims),
    ("Conv2d", converted_conv2d),
    ("Conv2d", converted_conv2d_depthwise),
    ("Conv2d", converted_conv2d_depthwise_padded),
    ("Conv2d", converted_conv2d_depthwise_strided),
    ("Conv2d", converted_conv2d_depthwise_with_multiplier),
    ("Conv2d", converted_conv2d_dilated),
    ("Conv2d", converted_conv2d_groups),
    ("Conv2d", converted_conv2d_groups_thnn),
    ("Conv2d", converted_conv2d_no_bias),
    ("Conv2d", converted_conv2d_padding),
    ("Conv2d", converted_conv2d_strided),
    ("ConvTranspose2d", converted_convtranspose2d),
    ("ConvTranspose2d", converted_convtranspose2d_no_bias),
    ("MaxPool2d", converted_maxpool2d),
    ("AvgPool2d", converted_avgpool2d),
    ("AvgPool2d", converted_avgpool2d_stride),
];
