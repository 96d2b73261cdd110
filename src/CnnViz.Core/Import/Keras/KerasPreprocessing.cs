using CnnViz.Networks;

namespace CnnViz.Import.Keras;

/// <summary>What a Keras model wants of a picture.</summary>
internal static class KerasPreprocessing
{
    /// <summary>The preprocessing of the first models of Keras: BGR, 0…255, less the mean colour of ImageNet.</summary>
    private static readonly Preprocessing s_caffe = Preprocessing.Caffe with { Name = "Custom", Mean = [103.939f, 116.779f, 123.68f] };

    // The architectures of keras.applications, whose preprocess_input says what each wants.
    private static readonly (string Prefix, Preprocessing Preprocessing)[] s_applications =
    [
        ("vgg16", s_caffe),
        ("vgg19", s_caffe),
        ("resnet50v2", Preprocessing.Symmetric),
        ("resnet101v2", Preprocessing.Symmetric),
        ("resnet152v2", Preprocessing.Symmetric),
        ("resnet50", s_caffe),
        ("resnet101", s_caffe),
        ("resnet152", s_caffe),
        ("inception_v3", Preprocessing.Symmetric),
        ("inception_resnet_v2", Preprocessing.Symmetric),
        ("xception", Preprocessing.Symmetric),
        ("mobilenetv3", Preprocessing.None),
        ("mobilenet", Preprocessing.Symmetric),
        ("nasnet", Preprocessing.Symmetric),
        ("densenet", Preprocessing.ImageNet),
        ("efficientnet", Preprocessing.None),
        ("convnext", Preprocessing.None),
    ];

    /// <summary>The preprocessing, with its source.</summary>
    /// <param name="model">The model.</param>
    /// <param name="takesBytes">Where the network itself scales its image: whether it takes 0…255 (else 0…1). Null where it does not.</param>
    /// <param name="channels">Channels of the image.</param>
    public static Preprocessing Find(KerasModel model, bool? takesBytes, int channels)
    {
        if (takesBytes is { } bytes)
        {
            return (bytes ? Preprocessing.None : Preprocessing.Unit) with { Source = PreprocessingSource.Metadata };
        }

        // A model that was built upon a known one may have been trained on anything.
        Preprocessing? own = channels == 3 ? OfApplication(model.Name) : null;
        Preprocessing? inner = channels == 3
            ? model.AllLayers.Select(layer => layer.Model is null ? null : OfApplication(layer.Name)).FirstOrDefault(found => found is not null)
            : null;
        return own is not null
            ? own with { Source = PreprocessingSource.Metadata }
            : (inner ?? Preprocessing.Unit) with { Source = PreprocessingSource.Guessed };
    }

    private static Preprocessing? OfApplication(string name) => s_applications
        .FirstOrDefault(application => name.StartsWith(application.Prefix, StringComparison.OrdinalIgnoreCase))
        .Preprocessing;
}
