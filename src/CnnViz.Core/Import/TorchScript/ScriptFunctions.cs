namespace CnnViz.Import.TorchScript;

/// <summary>
/// The functions that the program of a TorchScript archive may use: those of image networks, all of which libtorch 2.10 has, and none of
/// which touches anything but tensors.
/// </summary>
internal static class ScriptFunctions
{
    private static readonly HashSet<string> s_names = new(
        """
        _convolution conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d linear matmul mm bmm addmm mv
        batch_norm instance_norm layer_norm group_norm native_layer_norm normalize norm frobenius_norm local_response_norm
        relu relu6 prelu leaky_relu elu selu celu gelu silu mish hardtanh hardswish hardsigmoid sigmoid tanh softmax log_softmax softplus softsign
        log_sigmoid threshold glu logit clamp clamp_min clamp_max
        max_pool1d max_pool2d max_pool2d_with_indices max_pool3d avg_pool1d avg_pool2d avg_pool3d
        adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d
        upsample_nearest1d upsample_nearest2d upsample_bilinear2d upsample_bicubic2d pixel_shuffle pixel_unshuffle grid_sampler affine_grid_generator
        pad constant_pad_nd reflection_pad2d replication_pad2d im2col col2im
        dropout dropout2d feature_dropout alpha_dropout feature_alpha_dropout
        add sub rsub mul div true_divide floor_divide fmod remainder pow square sqrt rsqrt exp expm1 log log1p log2 abs neg reciprocal sign
        sin cos tan asin acos atan sinh cosh erf floor ceil round trunc maximum minimum where masked_fill lerp addcmul addcdiv
        sum mean prod var std var_mean amax amin max min argmax argmin logsumexp cumsum topk sort any all
        flatten unflatten view reshape view_as reshape_as expand expand_as permute transpose t contiguous squeeze unsqueeze cat concat stack
        split split_with_sizes chunk unbind narrow select slice index gather index_select repeat repeat_interleave roll flip tile
        scaled_dot_product_attention einsum baddbmm outer dot
        zeros ones empty full arange linspace zeros_like ones_like empty_like full_like new_zeros new_ones new_full eye scalar_tensor tensor
        to type_as float half int bool detach clone alias copy item cpu numpy_T ScalarImplicit FloatImplicit IntImplicit Int Float Bool
        size dim numel len eq ne lt le gt ge __is__ __isnot__ __not__ __and__ __or__ __contains__ __getitem__ __range_length __derive_index
        logical_and logical_or logical_not isnan isinf bitwise_not append list dict format warn is_floating_point device dtype float32 float16
        NumToTensor RaiseException unchecked_unwrap_optional min max data requires_grad is_cuda layout TupleIndex TupleUnpack
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>Whether a program may use a function.</summary>
    /// <param name="name">Its name without what is in front of it; an underscore behind it means that it works in place.</param>
    public static bool IsKnown(string name) => s_names.Contains(name) || s_names.Contains(name.EndsWith('_') ? name[..^1] : name);
}
