using System.Runtime.InteropServices;
using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Tests.Import.Architectures;
using CnnViz.Tests.Import.Weights;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Hub;

public sealed class HubFolderTests : WeightFileTest
{
    private const string Labels = """
        "id2label": {"9": "truck", "0": "plane", "1": "car", "2": "bird", "3": "cat", "4": "deer", "5": "dog", "6": "frog", "7": "horse", "8": "ship"}
        """;

    [Fact]
    public void A_folder_of_Hugging_Face_is_a_model_with_classes_and_preprocessing()
    {
        WriteWeights();
        WriteText("config.json", $$"""{"architectures": ["A"], "image_size": 64, {{Labels}}}""");
        WriteText("preprocessor_config.json", """
            {"do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "size": {"height": 40, "width": 40}}
            """);

        using CnnModel model = ModelImporter.Import(Folder, new ImportOptions());

        Assert.Equal(Path.GetFileName(Folder), model.Name);
        Assert.Equal(("plane", "truck", 10), (model.ClassNames[0], model.ClassNames[9], model.ClassNames.Count));
        Assert.Equal(("Symmetric", PreprocessingSource.Metadata), (model.Preprocessing.Name, model.Preprocessing.Source));
        Assert.Equal(40, model.InputShape.Height);
    }

    [Fact]
    public void A_folder_of_timm_says_mean_deviation_and_size()
    {
        WriteWeights();
        WriteText("config.json", """
            {"architecture": "resnet20", "pretrained_cfg": {"mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6], "input_size": [3, 48, 48]}}
            """);

        using CnnModel model = ModelImporter.Import(Folder, new ImportOptions());

        Assert.Equal([0.1f, 0.2f, 0.3f], model.Preprocessing.Mean);
        Assert.Equal([0.4f, 0.5f, 0.6f], model.Preprocessing.Std);
        Assert.Equal(48, model.InputShape.Width);
        Assert.Empty(model.ClassNames);
    }

    [Theory]
    [InlineData("""{"image_mean": 0.5, "image_std": 0.5}""", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)")]
    [InlineData("""{"do_normalize": false}""", "Unit (RGB, 0…1)")]
    [InlineData("""{"do_normalize": false, "do_rescale": false}""", "None (RGB, 0…255)")]
    [InlineData("""{"do_normalize": false, "rescale_factor": 0.00784313725490196, "rescale_offset": true}""", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)")]
    [InlineData("""{"do_rescale": false, "image_mean": [10, 20, 30], "image_std": [1, 1, 2]}""", "Custom (RGB, 0…255, minus 10, 20, 30, divided by 1, 1, 2)")]
    [InlineData("""{"do_rescale": false, "rescale_offset": true, "do_normalize": false}""", "None (RGB, 0…255)")]
    [InlineData("""{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "include_top": true}""", "Custom (RGB, 0…1, minus 0.5, 0.5, 0.5, divided by 0.25, 0.25, 0.25)")]
    [InlineData("""{"do_flip_channel_order": true, "do_normalize": false}""", "Unit (BGR, 0…1)")]
    [InlineData("""{"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "crop_pct": 0.875, "resample": 3}""",
        "ImageNet (RGB, 0…1, minus 0.485, 0.456, 0.406, divided by 0.229, 0.224, 0.225)")]
    public void The_range_is_what_Hugging_Faces_processors_make(string processor, string range)
    {
        WriteWeights();
        WriteText("preprocessor_config.json", processor);

        using CnnModel model = ModelImporter.Import(Folder, new ImportOptions());

        Assert.Equal((range, PreprocessingSource.Metadata), (model.Preprocessing.ToString(), model.Preprocessing.Source));
    }

    [Theory]
    [InlineData("""{"size": 48}""", 48, 48)]
    [InlineData("""{"size": {"shortest_edge": 48}}""", 48, 48)]
    [InlineData("""{"size": {"height": 40, "width": 56}}""", 40, 56)]
    [InlineData("""{"size": {"shortest_edge": 64}, "crop_size": {"height": 40, "width": 56}}""", 40, 56)]
    [InlineData("""{"size": {"shortest_edge": 64}, "crop_size": 48, "do_center_crop": false}""", 64, 64)]
    public void The_size_has_many_forms(string processor, int height, int width)
    {
        WriteWeights();
        WriteText("preprocessor_config.json", processor);

        using CnnModel model = ModelImporter.Import(Folder, new ImportOptions());

        Assert.Equal((height, width), ((int)model.InputShape.Height!, (int)model.InputShape.Width!));
    }

    [Theory]
    [InlineData("config.json", """{"model_type": "resnet", "downsample_in_first_stage": true, "hidden_act": "relu"}""", "downsample_in_first_stage is True")]
    [InlineData("config.json", """{"model_type": "mobilenet_v2", "tf_padding": false}""", "tf_padding is False")]
    [InlineData("preprocessor_config.json", """{"image_mean": ["a"], "image_std": [1]}""", "none that CnnViz understands")]
    public void What_is_not_followed_is_said(string file, string text, string word)
    {
        WriteWeights();
        WriteText(file, text);

        Assert.Contains(
            word, ArchitectureReader.TryRead(Path.Combine(Folder, "model.safetensors"), null)!.Remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("""{"id2label": {"0": 1, "x": "y"}, "image_size": "big", "pretrained_cfg": {"mean": ["a"], "std": [0, 0, 0]}}""")]
    [InlineData("""{"id2label": {"0": "one name for ten classes"}}""")]
    public void What_is_of_another_form_is_passed_over(string config)
    {
        WriteWeights();
        WriteText("config.json", config);

        using CnnModel model = ModelImporter.Import(Path.Combine(Folder, "model.safetensors"), new ImportOptions());

        Assert.Equal(("ImageNet", 32, 0), (model.Preprocessing.Name, model.InputShape.Height, model.ClassNames.Count));
    }

    [Fact]
    public void Networks_of_TensorFlow_are_known_by_their_name_and_pad_as_it_does()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict plain = RuleWeights.For(ArchitectureList.Find("efficientnet_b0")!);
        using StateDict timm = new(
            [.. plain.Tensors.Select(tensor => tensor with { Name = TimmNames.Of("efficientnet_b0", tensor.Name) })], "test");
        string? name = SilentTwins.Find("tf_efficientnet_b0_ns-c0e6a31c", timm);
        using Graph graph = ArchitectureChooser.Choose("w.pth", timm, name).Build();
        torch.Tensor image = RuleWeights.Image(32);
        torch.Tensor wanted = conv2d(pad(image, [0, 1, 0, 1]), Read("features.0.0.weight"), strides: [2, 2]);
        wanted = batch_norm(
            wanted,
            Read("features.0.1.running_mean"),
            Read("features.0.1.running_var"),
            Read("features.0.1.weight"),
            Read("features.0.1.bias"),
            eps: 1e-3);
        int norm = graph.Nodes.ToList().FindIndex(node => node.Name == "features.0.1");
        using var noGradients = torch.no_grad();

        Assert.Equal("tf_efficientnet_b0", name);
        Assert.True(graph.SubGraph([norm]).RunAll(image, false, CancellationToken.None)[0].allclose(wanted, rtol: 1e-4, atol: 1e-5));
        Assert.Null(SilentTwins.Find("efficientnet_b0", timm));
        Assert.Null(SilentTwins.Find("tf_efficientnet_b0", plain));
        Assert.Contains(
            "tf_efficientnet_b0",
            SilentTwins.Doubt("checkpoint", ArchitectureChooser.Choose("w.pth", timm, null), timm),
            StringComparison.Ordinal);

        torch.Tensor Read(string key) => plain.TryGet(key, out StateTensor? tensor) ? tensor.Read() : throw new InvalidOperationException(key);
    }

    [Fact]
    public void A_blurring_ResNet_is_not_taken_for_another()
    {
        using StateDict tensors = ArchitectureTensors.Of(ArchitectureList.Find("resnet50")!);

        Assert.Throws<ModelFormatException>(() => SilentTwins.Find("resnetblur50", tensors));
    }

    private void WriteText(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void WriteWeights()
    {
        using StateDict tensors = RuleWeights.For(ArchitectureList.Find("resnet20")!);
        var entries = new List<string>();
        var data = new List<byte[]>();
        long end = 0;
        foreach (StateTensor tensor in tensors.Tensors)
        {
            using torch.Tensor values = tensor.Read();
            byte[] bytes = MemoryMarshal.AsBytes<float>(values.data<float>().ToArray()).ToArray();
            entries.Add(
                $"\"{tensor.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{end},{end += bytes.Length}]}}");
            data.Add(bytes);
        }

        Write("model.safetensors", WeightFiles.Safetensors($"{{{string.Join(',', entries)}}}", [.. data]));
    }
}
