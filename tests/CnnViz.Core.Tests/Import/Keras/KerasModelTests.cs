using System.Text;
using CnnViz.Networks;
using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Whole models in the layouts that the versions of Keras have written.</summary>
public sealed class KerasModelTests : KerasTest
{
    private static readonly Pixels s_image = Pixels.Wave(6, 5, 2);
    private static readonly Pixels s_kernel = Pixels.Wave(3, 2, 2, 4);
    private static readonly Pixels s_bias = Pixels.Wave(4);

    [Fact]
    public void A_sequence_whose_first_layer_has_the_shape()
    {
        KerasFile file = Small();
        Pixels expected = Expected();
        AssertOutput(expected, file.ToHdf5(), s_image);
        AssertOutput(expected, file.ToHdf5(file.SequentialConfig()), s_image);
        AssertOutput(expected, file.ToHdf5(file.SequentialConfig(isList: true)), s_image);
    }

    [Fact]
    public void A_file_of_keras_3_has_its_weights_by_class_and_number()
    {
        KerasFile file = new KerasFile(6, 5, 2)
            .Add("Conv2D", "a", "'padding':'same'", ["eye"], s_kernel, s_bias)
            .Add("PReLU", "slope", "'shared_axes':[1,2]", ["a"], Pixels.Wave(1, 1, 4))
            .Add("Conv2D", "b", "'padding':'same','use_bias':false", ["eye"], s_kernel)
            .Add("Add", "layer", string.Empty, ["slope", "b"]);
        Pixels b = KerasReference.Conv(s_image, s_kernel, null, same: true);
        Pixels expected = Pixels.Of(6, 5, 4, (r, c, k) =>
        {
            double a = b[r, c, k] + (double)s_bias.Values[k];
            return (a > 0 ? a : a * Pixels.Wave(1, 1, 4).Values[k]) + b[r, c, k];
        });
        AssertOutput(expected, file.ToArchive(), s_image);
        AssertOutput(expected, file.ToHdf5(), s_image);
    }

    [Fact]
    public void A_file_of_keras_2_12_calls_the_layers_otherwise()
    {
        KerasFile file = Small();
        var layers = new H5Group
        {
            ["conv2d"] = new H5Group { ["vars"] = new H5Group { ["0"] = KerasFile.Plain(new Pixels([1, 0, 0, 1], 1, 1, 2, 2)) } },
            ["conv2d_1"] = new H5Group { ["vars"] = new H5Group { ["0"] = KerasFile.Plain(s_kernel), ["1"] = KerasFile.Plain(s_bias) } },
        };
        byte[] archive = KerasFile.Zip(
            ("config.json", Encoding.UTF8.GetBytes(file.Config())),
            ("model.weights.h5", KerasFile.ToBytes(new H5File { ["_layer_checkpoint_dependencies"] = layers })));
        AssertOutput(Expected(), archive, s_image);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_of_keras_2_13_skips_numbers_and_on_windows_has_backslashes(bool isWindows)
    {
        KerasFile file = new KerasFile(6, 5, 2)
            .Add("Conv2D", "a", "'padding':'same','use_bias':false", ["eye"], s_kernel)
            .Add("Conv2D", "layer", "'padding':'same','use_bias':false", ["a"], Pixels.Wave(1, 1, 4, 3));
        var layers = new H5Group();
        H5Group parent = isWindows ? new H5File() : layers;
        string prefix = isWindows ? "_layer_checkpoint_dependencies\\" : string.Empty;
        parent[$"{prefix}conv2d"] = Variables(new Pixels([1, 0, 0, 1], 1, 1, 2, 2));
        parent[$"{prefix}conv2d_2"] = Variables(s_kernel);
        parent[$"{prefix}conv2d_4"] = Variables(Pixels.Wave(1, 1, 4, 3));
        H5File root = isWindows ? (H5File)parent : new H5File { ["_layer_checkpoint_dependencies"] = layers };
        byte[] archive = KerasFile.Zip(
            (isWindows ? ".\\config.json" : "config.json", Encoding.UTF8.GetBytes(file.Config())),
            ("model.weights.h5", KerasFile.ToBytes(root)));
        Pixels between = KerasReference.Conv(s_image, s_kernel, null, same: true);
        AssertOutput(KerasReference.Conv(between, Pixels.Wave(1, 1, 4, 3), null), archive, s_image);

        static H5Group Variables(Pixels weight) => new() { ["vars"] = new H5Group { ["0"] = KerasFile.Plain(weight) } };
    }

    [Fact]
    public void A_network_of_each_image_of_a_sequence()
    {
        string json = KerasFile.Json("""
            {'class_name':'Sequential','config':{'name':'video','layers':[
             {'class_name':'TimeDistributed','config':{'name':'each','batch_input_shape':[null,7,6,5,2],'layer':
              {'class_name':'Conv2D','config':{'name':'conv','padding':'same','activation':'relu'}}}},
             {'class_name':'Dropout','config':{'name':'drop'}},
             {'class_name':'TimeDistributed','config':{'name':'pool','layer':{'class_name':'GlobalAveragePooling2D','config':{'name':'p'}}}},
             {'class_name':'LSTM','config':{'name':'lstm'}}]}}
            """);
        byte[] content = KerasFile.WriteHdf5(json, "2.4.0", root => root["each"] = new H5Group
        {
            Attributes = { ["weight_names"] = new[] { "each/kernel:0", "each/bias:0" } },
            ["each"] = new H5Group { ["kernel:0"] = KerasFile.Plain(s_kernel), ["bias:0"] = KerasFile.Plain(s_bias) },
        });
        using CnnModel model = Load(content);
        Assert.Equal("2×6×5", $"{model.InputShape}");
        Assert.Equal(["each", "each/relu", "pool"], model.Layers.Select(layer => layer.Name).Take(3));
        AssertClose(Expected().Select(value => Math.Max(value, 0)), Output(model, s_image, "each/relu"));
        Assert.Contains("layer LSTM ('lstm') over a sequence of images", Remark(content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData(null, null)]
    public void Layers_of_one_name_in_two_models_inside_are_told_apart_or_refused(string? first, string? second)
    {
        string Inner(string name, string input) => $$$"""
             {'class_name':'Sequential','name':'{{{name}}}','inbound_nodes':[[['{{{input}}}',0,0,{}]]],'config':{'name':'{{{name}}}','layers':[
              {'class_name':'Conv2D','config':{'name':'conv','padding':'same','use_bias':false,'batch_input_shape':[null,6,5,2]}}]}}
            """;
        string json = KerasFile.Json($$$"""
            {'class_name':'Sequential','config':{'name':'outer','layers':[
             {'class_name':'Functional','config':{'name':'both','layers':[
              {'class_name':'InputLayer','name':'in','config':{'batch_input_shape':[null,6,5,2]},'inbound_nodes':[]},
              {{{Inner("a", "in")}}},{{{Inner("b", "a")}}}],
              'input_layers':[['in',0,0]],'output_layers':[['b',0,0]]}}]}}
            """);
        Pixels[] kernels = [Pixels.Wave(1, 1, 2, 2), Pixels.Positive(1, 1, 2, 2)];
        byte[] content = KerasFile.WriteHdf5(json, "2.4.0", root => root["both"] = new H5Group
        {
            Attributes = { ["weight_names"] = new[] { $"{first ?? "x"}/conv/kernel:0", $"{second ?? "y"}/conv/kernel:0" } },
            [first ?? "x"] = new H5Group { ["conv"] = new H5Group { ["kernel:0"] = KerasFile.Plain(kernels[0]) } },
            [second ?? "y"] = new H5Group { ["conv"] = new H5Group { ["kernel:0"] = KerasFile.Plain(kernels[1]) } },
        });
        if (first is null)
        {
            Assert.Contains("it is not clear which weights", Fails(content).Message, StringComparison.Ordinal);
            return;
        }

        AssertOutput(KerasReference.Conv(KerasReference.Conv(s_image, kernels[0], null), kernels[1], null), content, s_image);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_model_inside_another(int firstCall)
    {
        string json = KerasFile.Json($$$"""
            {'class_name':'Functional','config':{'name':'outer','layers':[
             {'class_name':'InputLayer','name':'image','config':{'batch_input_shape':[null,6,5,2]},'inbound_nodes':[]},
             {'class_name':'Functional','name':'inner','inbound_nodes':[[['image',0,0,{}]]],'config':{'name':'inner','layers':[
              {'class_name':'InputLayer','name':'in','config':{'batch_input_shape':[null,null,null,2]},'inbound_nodes':[]},
              {'class_name':'Conv2D','name':'conv','config':{'name':'conv','padding':'same'},'inbound_nodes':[[['in',0,0,{}]]]},
              {'class_name':'BatchNormalization','name':'norm','config':{'name':'norm','epsilon':0},'inbound_nodes':[[['conv',0,0,{}]]]}],
              'input_layers':[['in',0,0]],'output_layers':[['norm',0,0]]}},
             {'class_name':'ReLU','name':'relu','config':{'name':'relu'},'inbound_nodes':[[['inner',{{{firstCall}}},0,{}]]]}],
             'input_layers':[['image',0,0]],'output_layers':[['relu',0,0]]}}
            """);
        Pixels[] norm = [Pixels.Positive(4), Pixels.Wave(4), Pixels.Wave(4), Pixels.Positive(4)];
        Pixels conv = KerasReference.Conv(s_image, s_kernel, s_bias, same: true);
        Pixels expected = Pixels.Of(6, 5, 4, (r, c, k) => Math.Max(
            0, (conv[r, c, k] - norm[2].Values[k]) / Math.Sqrt(norm[3].Values[k]) * norm[0].Values[k] + norm[1].Values[k]));

        // The weights that training changes come before all others.
        byte[] content = KerasFile.WriteHdf5(json, "2.4.0", root => root["inner"] = new H5Group
        {
            Attributes =
            {
                ["weight_names"] = new[]
                {
                    "conv/kernel:0", "conv/bias:0", "norm/gamma:0", "norm/beta:0", "norm/mean:0", "norm/variance:0",
                },
            },
            ["conv"] = new H5Group { ["kernel:0"] = KerasFile.Plain(s_kernel), ["bias:0"] = KerasFile.Plain(s_bias) },
            ["norm"] = new H5Group
            {
                ["gamma:0"] = KerasFile.Plain(norm[0]),
                ["beta:0"] = KerasFile.Plain(norm[1]),
                ["mean:0"] = KerasFile.Plain(norm[2]),
                ["variance:0"] = KerasFile.Plain(norm[3]),
            },
        });
        AssertOutput(expected, content, s_image);
        using CnnModel model = Load(content);
        Assert.Equal(["inner/conv", "inner/norm", "relu"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(("inner", model.GetLayer("inner/norm").Node), model.Blocks.Select(block => (block.Name, block.Node)).Single());

        var inner = new H5Group
        {
            ["conv2d"] = new H5Group { ["vars"] = new H5Group { ["0"] = KerasFile.Plain(s_kernel), ["1"] = KerasFile.Plain(s_bias) } },
            ["batch_normalization"] = new H5Group
            {
                ["vars"] = new H5Group
                {
                    ["0"] = KerasFile.Plain(norm[0]),
                    ["1"] = KerasFile.Plain(norm[1]),
                    ["2"] = KerasFile.Plain(norm[2]),
                    ["3"] = KerasFile.Plain(norm[3]),
                },
            },
        };
        var root = new H5File { ["layers"] = new H5Group { ["functional"] = new H5Group { ["layers"] = inner } } };
        AssertOutput(
            expected, KerasFile.Zip(("config.json", Encoding.UTF8.GetBytes(json)), ("model.weights.h5", KerasFile.ToBytes(root))), s_image);
    }

    [Fact]
    public void A_layer_that_is_applied_twice_shares_its_weights()
    {
        Pixels kernel = Pixels.Wave(1, 1, 2, 2);
        KerasFile file = new KerasFile(6, 5, 2)
            .Add("Conv2D", "twice", "'use_bias':false", ["eye"], kernel).Add("Add", "layer", string.Empty, ["twice"]);
        string config = file.Config()
            .Replace("[[[\"eye\",0,0,{}]]]", "[[[\"eye\",0,0,{}]],[[\"twice\",0,0,{}]]]", StringComparison.Ordinal)
            .Replace("[[[\"twice\",0,0,{}]]]", "[[[\"twice\",0,0,{}],[\"twice\",1,0,{}]]]", StringComparison.Ordinal);
        Pixels once = KerasReference.Conv(s_image, kernel, null);
        Pixels twice = KerasReference.Conv(once, kernel, null);
        AssertOutput(Pixels.Of(6, 5, 2, (r, c, k) => once[r, c, k] + twice[r, c, k]), file.ToHdf5(config), s_image);
    }

    [Fact]
    public void Layers_may_stand_in_any_order()
    {
        KerasFile file = Small();
        string config = file.Config();
        string layer = config.Split('\n').Single(line => line.Contains("\"name\":\"layer\",\"config\"", StringComparison.Ordinal));
        string turned = config.Replace($",\n{Body(layer)}", string.Empty, StringComparison.Ordinal)
            .Replace("\"layers\":[", $"\"layers\":[{Body(layer)},", StringComparison.Ordinal);
        Assert.NotEqual(config, turned);
        AssertOutput(Expected(), file.ToHdf5(turned), s_image);

        static string Body(string line) => line[..(line.IndexOf("]]]}", StringComparison.Ordinal) + 4)];
    }

    [Fact]
    public void Channels_first_means_the_same_numbers()
    {
        KerasFile file = new KerasFile(6, 5, 2)
            .Add("Conv2D", "conv", "'padding':'same','data_format':'channels_first'", ["eye"], s_kernel, s_bias)
            .Add("BatchNormalization", "norm", "'axis':1", ["conv"], Pixels.Positive(4), Pixels.Wave(4), Pixels.Wave(4), Pixels.Positive(4))
            .Add("Concatenate", "both", "'axis':1", ["norm", "conv"])
            .Add("Flatten", "flat", "'data_format':'channels_first'", ["both"])
            .Add("Dense", "layer", string.Empty, ["flat"], Pixels.Wave(240, 3), Pixels.Wave(3));
        string last = file.Config();
        string first = last.Replace("[null,6,5,2]", "[null,2,6,5]", StringComparison.Ordinal);
        using CnnModel expected = Load(file.ToHdf5(last.Replace("channels_first", "channels_last", StringComparison.Ordinal)
            .Replace("\"axis\":1", "\"axis\":-1", StringComparison.Ordinal)));
        AssertOutput(Output(expected, s_image), file.ToHdf5(first), s_image);
    }

    [Fact]
    public void A_model_of_keras_1_has_other_names_for_its_settings()
    {
        string json = KerasFile.Json("""
            {'class_name':'Sequential','config':[
             {'class_name':'Convolution2D','config':{'name':'conv','batch_input_shape':[null,6,5,2],'nb_filter':4,'nb_row':3,'nb_col':2,
              'border_mode':'same','subsample':[2,2],'dim_ordering':'tf','bias':true,'activation':'relu'}},
             {'class_name':'MaxPooling2D','config':{'name':'pool','pool_size':[2,2],'strides':[2,2],'border_mode':'valid'}},
             {'class_name':'Dropout','config':{'name':'drop','p':0.5}}]}
            """);
        byte[] content = KerasFile.WriteHdf5(json, "1.2.2", root => root["conv"] = new H5Group
        {
            Attributes = { ["weight_names"] = new[] { "conv_W", "conv_b" } },
            ["conv_W"] = KerasFile.Plain(s_kernel),
            ["conv_b"] = KerasFile.Plain(s_bias),
        });
        Pixels conv = KerasReference.Conv(s_image, s_kernel, s_bias, stride: 2, same: true).Select(value => Math.Max(value, 0));
        AssertOutput(KerasReference.Pool(conv, 2, 2, same: false, max: true), content, s_image);
    }

    [Fact]
    public void Kernels_that_theano_trained_are_turned_around()
    {
        Pixels turned = Pixels.Wave(3, 2, 2, 4);
        Array.Reverse(turned.Values);
        Pixels[] taps = [.. Enumerable.Range(0, 6).Select(tap => new Pixels([.. s_kernel.Values.Skip((5 - tap) * 8).Take(8)], 8))];
        turned = turned with { Values = [.. taps.SelectMany(tap => tap.Values)] };
        KerasFile file = new KerasFile(6, 5, 2).Add("Conv2D", "'padding':'same'", turned, s_bias);
        byte[] content = file.ToHdf5();
        int place = content.AsSpan().IndexOf("tensorflow"u8);
        while (place >= 0)
        {
            "theano\0\0\0\0"u8.CopyTo(content.AsSpan(place));
            place = content.AsSpan().IndexOf("tensorflow"u8);
        }

        AssertOutput(Expected(), content, s_image);
    }

    [Fact]
    public void Weights_may_be_stored_in_other_ways()
    {
        KerasFile file = Small();
        static ulong[] Sizes(Pixels weight) => [.. weight.Shape.Select(size => (ulong)size)];
        AssertOutput(
            Expected(),
            file.ToHdf5(dataset: weight => new H5Dataset(weight.Values.Select(value => (double)value).ToArray(), fileDims: Sizes(weight))),
            s_image);
        var compressed = new H5DatasetCreation(Filters: [ShuffleFilter.Id, DeflateFilter.Id]);
        AssertOutput(
            Expected(),
            file.ToHdf5(dataset: weight => new H5Dataset(
                weight.Values,
                chunks: [.. weight.Shape.Select(size => (uint)(size + 1) / 2)],
                fileDims: Sizes(weight),
                datasetCreation: compressed)),
            s_image);

        Pixels halves = s_image.Select(value => (float)(Half)value);
        Pixels halfKernel = s_kernel.Select(value => (float)(Half)value);
        AssertOutput(
            KerasReference.Conv(halves, halfKernel, null, same: true),
            new KerasFile(6, 5, 2).Add("Conv2D", "'padding':'same'", halfKernel, new Pixels(4)).ToHdf5(
                dataset: weight => new H5Dataset(weight.Values.Select(value => (Half)value).ToArray(), fileDims: Sizes(weight))),
            halves);
    }

    [Fact]
    public void An_open_size_stays_open()
    {
        using CnnModel model = Load(new KerasFile(-1, -1, 2).Add("Conv2D", "'padding':'same'", s_kernel, s_bias));
        AssertClose(Expected(), Output(model, s_image));
    }

    [Fact]
    public void Arithmetic_between_layers()
    {
        KerasFile file = new KerasFile(6, 5, 2).Add("TFOpLambda", "more", "'function':'__operators__.add'", ["eye"])
            .Add("ReLU", "six", "'max_value':6", ["more"]).Add("TFOpLambda", "layer", "'function':'math.multiply'", ["six"]);
        string config = file.Config()
            .Replace("[\"eye\",0,0,{}]", "[\"eye\",0,0,{\"y\":3.0,\"name\":null}]", StringComparison.Ordinal)
            .Replace("[\"six\",0,0,{}]", "[\"six\",0,0,{\"y\":[\"eye\",0,0]}]", StringComparison.Ordinal);
        AssertOutput(s_image.Select(x => Math.Clamp(x + 3, 0, 6) * x), file.ToHdf5(config), s_image);

        KerasFile newer = new KerasFile(6, 5, 2).Add("Multiply");
        string operation = newer.NewConfig()
            .Replace("keras.layers\",\"class_name\":\"Multiply", "keras.src.ops.numpy\",\"class_name\":\"Multiply", StringComparison.Ordinal)
            .Replace("[\"eye\",0,0]}}],", "[\"eye\",0,0]}},2.5],", StringComparison.Ordinal);
        AssertOutput(s_image.Select(x => x * 2.5), newer.ToHdf5(operation), s_image);
    }

    private static KerasFile Small() => new KerasFile(6, 5, 2).Add("Conv2D", "'padding':'same'", s_kernel, s_bias);

    private static Pixels Expected() => KerasReference.Conv(s_image, s_kernel, s_bias, same: true);
}
