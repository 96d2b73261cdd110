using CnnViz.Import.Architectures.Detectors;
using CnnViz.Import.Architectures.Faces;
using CnnViz.Import.Architectures.ImageToImage;
using CnnViz.Import.Architectures.Segmentation;

namespace CnnViz.Import.Architectures;

/// <summary>The architectures that are known.</summary>
internal static class ArchitectureList
{
    /// <summary>All of them, by families.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        .. AlexNet.All, .. Vgg.All, .. ResNet.All, .. CifarResNet.All, .. SqueezeNet.All, .. DenseNet.All, .. GoogLeNet.All,
        .. InceptionV3.All, .. MobileNetV2.All, .. MobileNetV3.All, .. MobileNetV3Timm.All, .. MnasNet.All, .. ShuffleNetV2.All,
        .. EfficientNet.All, .. RegNet.All, .. ConvNeXt.All, .. CifarNetworks.All, .. CifarResidual.All, .. TutorialNetworks.All, .. Mtcnn.All,
        .. FastestDet.All, .. UltraFace.All, .. RetinaFace.All, .. InceptionResNetV1.All, .. IResNet.All,
        .. StyleTransfer.All, .. SuperResolution.All, .. Fcn.All, .. Lraspp.All, .. Crnn.All,
    ];

    /// <summary>Families of any depth or width, which the file decides.</summary>
    public static IReadOnlyList<Architecture> Families { get; } =
    [
        ResNet.Family, MobileNetV2.Family, RegNet.Family, ConvNeXt.Family, YuNet.Family, .. Yolo.Families, UNet.Family, ResUNet.Family,
        .. SuperResolution.Families, .. ResidualEnlargement.Families, .. TensorFlow,
    ];

    /// <summary>Networks of TensorFlow, whose keys may be those of others: their padding is not in the weights.</summary>
    public static IReadOnlyList<Architecture> TensorFlow =>
        [.. EfficientNet.TensorFlow, .. MobileNetV3Timm.TensorFlow, MobileNetV1.TensorFlow, MobileNetV2.TensorFlow];

    /// <summary>The one of a name, in any case; or null.</summary>
    public static Architecture? Find(string name) =>
        All.Concat(Families).FirstOrDefault(architecture => string.Equals(architecture.Name, name, StringComparison.OrdinalIgnoreCase));
}
