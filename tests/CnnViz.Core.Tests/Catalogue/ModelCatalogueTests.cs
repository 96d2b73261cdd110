using System.Security.Cryptography;
using CnnViz.Catalogue;
using CnnViz.Import.Architectures;
using CnnViz.Networks;

namespace CnnViz.Tests.Catalogue;

public sealed class ModelCatalogueTests
{
    public static TheoryData<string> Names => [.. ModelCatalogue.Models.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_model_can_be_fetched_and_checked(string name)
    {
        PublishedModel model = ModelCatalogue.Get(name);

        model.ThrowIfNotFetchable();
        Assert.Equal("https", model.Uri!.Scheme);
        Assert.InRange(model.SizeMB!.Value, 0, 2500);
        Assert.InRange(model.Accuracy ?? 50, 50, 100);
        Assert.InRange(model.Accuracy5 ?? 100, model.Accuracy ?? 50, 100);
        Assert.InRange(model.InputSize ?? 224, 28, 600);
        Assert.InRange(model.ResizeSize ?? 600, model.InputSize ?? 224, 600);
        Assert.Contains(model.ClassNames.Count, new[] { 0, 10, 1000 });
        Assert.Equal(model.Format == "ONNX", model.Opset is not null);
        Assert.Equal(model.Format == "PyTorch", model.Architecture is not null);
        model.Preprocessing?.ThrowIfNotFor(model.Dataset == "MNIST" ? 1 : 3);
    }

    [Fact]
    public void No_two_models_have_a_name_a_file_or_a_hash_in_common()
    {
        IReadOnlyList<PublishedModel> models = ModelCatalogue.Models;

        Assert.Distinct(models.Select(model => model.Name), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(models.Select(model => model.FullName), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(models.Select(model => model.FileName), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(models.Select(model => model.Sha256![..8]));
    }

    [Fact]
    public void Files_of_torchvision_have_the_beginning_of_their_hash_in_their_name()
    {
        PublishedModel[] models = [.. ModelCatalogue.Models.Where(model => model.Publisher == "torchvision")];

        Assert.Equal(98, models.Length);
        Assert.All(models, model => Assert.EndsWith($"-{model.Sha256}.pth", model.FileName));

        // Weights are of single or half precision, so the length is known about.
        Assert.All(models, model => Assert.InRange(model.Length!.Value / (double)model.Parameters!.Value, 1.9, 8));
    }

    [Fact]
    public void Files_of_the_onnx_zoo_are_known_to_the_byte()
    {
        PublishedModel[] models = [.. ModelCatalogue.Models.Where(model => model.Publisher == "onnx-zoo")];

        Assert.Equal(66, models.Length);
        Assert.All(models, model => Assert.Equal(64, model.Sha256!.Length));
        Assert.All(models, model => Assert.True(model.IsLengthExact && model.Opset >= 7));
        Assert.All(models, model => Assert.NotNull(model.License));
    }

    [Fact]
    public void An_architecture_alone_means_the_recommended_weights()
    {
        PublishedModel model = ModelCatalogue.Get("ResNet50");

        Assert.Equal("IMAGENET1K_V2", model.Weights);
        Assert.Equal("resnet50-11ad3fa6.pth", model.FileName);
        Assert.Equal(80.858, model.Accuracy);
        Assert.Equal((232, 224), (model.ResizeSize, model.InputSize));
        Assert.Same(model, ModelCatalogue.Get("resnet50.IMAGENET1K_V2"));
        Assert.Equal("resnet50-0676ba61.pth", ModelCatalogue.Get("resnet50.imagenet1k_v1").FileName);
        Assert.Equal("tench", model.ClassNames[0]);
        Assert.Equal("toilet tissue", model.ClassNames[999]);
    }

    [Fact]
    public void Recommended_weights_fit_what_the_architectures_say_of_themselves()
    {
        PublishedModel[] models = [.. ModelCatalogue.Models.Where(model => model.Name == model.Architecture)];

        Assert.NotEmpty(models);
        Assert.All(models, model =>
        {
            Architecture? architecture = ArchitectureList.Find(model.Architecture!);
            Assert.NotNull(architecture);
            Assert.Equal(architecture.Preprocessing.ToString(), model.Preprocessing!.ToString());

            // Those called SWAG are the same networks on larger images.
            int? size = model.Weights!.Contains("SWAG", StringComparison.Ordinal) ? architecture.InputSize : model.InputSize;
            Assert.True(architecture.InputSize == size, $"{model}: {architecture.InputSize}, {model.InputSize}");
        });
        Assert.All(ModelCatalogue.Models, model =>
            Assert.True(model.Architecture is null || models.Any(other => other.Name == model.Architecture)));
    }

    [Fact]
    public void A_name_that_is_not_there_brings_the_nearest()
    {
        var exception = Assert.Throws<CnnVizException>(() => ModelCatalogue.Get("resnet51"));

        Assert.Equal("PublishedModelNotFound", exception.ErrorId);
        Assert.Contains("'resnet50'", exception.Message);
    }

    [Fact]
    public void Preprocessing_is_the_publishers()
    {
        Assert.Equal("ImageNet", ModelCatalogue.Get("vgg16").Preprocessing!.Name);
        Assert.Equal("Symmetric", ModelCatalogue.Get("inception_v3").Preprocessing!.Name);
        Assert.Equal(ChannelOrder.Bgr, ModelCatalogue.Get("googlenet-12").Preprocessing!.ChannelOrder);
        Assert.Equal(PreprocessingSource.Catalogue, ModelCatalogue.Get("mnist-8").Preprocessing!.Source);
        Assert.Null(ModelCatalogue.Get("zfnet512-12").Preprocessing);
    }

    [SkippableFact]
    public void A_file_is_recognized_by_its_hash()
    {
        byte[] content = File.ReadAllBytes(TestFiles.Shared("models", "mnist_cntk.onnx"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));

        Assert.Equal("mnist-8", ModelCatalogue.Recognize(hash, content.Length)?.Name);
        Assert.Null(ModelCatalogue.Recognize(hash, content.Length + 1));
        Assert.Null(ModelCatalogue.Recognize(new string('0', 64), content.Length));
    }
}
