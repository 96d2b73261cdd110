using CnnViz.Import.Networks;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// The network that a program is written down as. Every node is run once by itself when it is added, on an image of one size, so that the
/// shape of every tensor is known to the program; what does not depend on the image is computed at once.
/// </summary>
internal sealed class ScriptNetwork
{
    private const int MostSteps = 300_000;

    // An operation takes longer than following the text.
    private const int OperationSteps = 30;
    private const long Allowance = 1 << 25;

    private readonly NetworkBuilder _net;
    private readonly Dictionary<int, ScriptTensor> _tensors = [];
    private int _steps;
    private long _left;

    /// <param name="shape">Channels, height and width of the image.</param>
    /// <param name="weights">Bytes that the program's weights have, of which others may be computed.</param>
    public ScriptNetwork(long[] shape, long weights)
    {
        _left = Allowance + weights;
        _net = new NetworkBuilder(shape[0]);
        Calls = new ModuleCalls(_net);
        using torch.Tensor sample = torch.zeros([1, .. shape]);
        Image = ScriptTensor.Of(_net.Image, sample);
        _tensors[_net.Image.Node] = Image;
        Last = _net.Image;
    }

    /// <summary>The image, 1×C×H×W.</summary>
    public ScriptTensor Image { get; }

    /// <summary>What nodes are put into.</summary>
    public NetworkBuilder Builder => _net;

    /// <summary>Whose calls the nodes are made by.</summary>
    public ModuleCalls Calls { get; }

    /// <summary>Whether there is a convolution.</summary>
    public bool HasConvolution { get; private set; }

    /// <summary>Whether an operation that cannot run on the image is one that is not known, instead of the image being of a wrong size.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>The node that was added last.</summary>
    public Value Last { get; private set; }

    /// <summary>What the user should know of how the program was read.</summary>
    public HashSet<string> Notes { get; } = [];

    /// <summary>Counts what following the program takes.</summary>
    /// <exception cref="NotTranslatedException">It takes too much.</exception>
    public void Step(int count = 1)
    {
        _steps = count < MostSteps ? _steps + count : MostSteps + 1;
        if (_steps > MostSteps)
        {
            throw new NotTranslatedException("it takes too many steps");
        }
    }

    /// <summary>Counts the values that are known before there is an image.</summary>
    /// <exception cref="NotTranslatedException">There are too many.</exception>
    public void Spend(long values)
    {
        _left -= values;
        if (_left < 0)
        {
            throw new NotTranslatedException("it computes too many numbers without the image");
        }
    }

    /// <summary>Adds an operation in the vocabulary of ONNX, or computes it where none of its inputs depends on the image.</summary>
    /// <param name="name">Name for its node.</param>
    /// <param name="type">Name of the ONNX operator.</param>
    /// <param name="inputs">Tensors, numbers, arrays of numbers, and null for what is left out.</param>
    /// <param name="attributes">Attributes.</param>
    /// <exception cref="ScriptSizeException">It cannot run on the image.</exception>
    /// <exception cref="NotTranslatedException">It is not known so.</exception>
    public ScriptTensor Add(string name, string type, object?[] inputs, params (string Name, object Value)[] attributes)
    {
        bool isConstant = !inputs.Any(input => input is ScriptTensor { Node: not null });
        HasConvolution |= !isConstant && type is "Conv" or "ConvTranspose";
        ScriptTensor output = Add(isConstant, () => _net.Add(name, type, [.. inputs.Select(ToInput)], attributes: attributes));
        output.IsPermuted = inputs.OfType<ScriptTensor>().Any(input => input.IsPermuted && input.Shape.SequenceEqual(output.Shape));
        return output;
    }

    /// <summary>Adds what a method of <see cref="NetworkBuilder"/> adds as one node.</summary>
    public ScriptTensor Add(ScriptTensor input, Func<NetworkBuilder, Value, Value> add) => input.Node is { } node
        ? Add(isConstant: false, () => add(_net, node))
        : throw new NotTranslatedException("an operation on constants");

    /// <summary>The error for an operation that does not take what it is given.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="wanted">The features that a dense layer wants; 0 where it is something else.</param>
    /// <param name="given">The features that it is given.</param>
    public Exception Fails(string message, long wanted = 0, long given = 0) =>
        KeepsGoing ? new NotTranslatedException(message) : new ScriptSizeException(message, wanted, given);

    private ScriptTensor Add(bool isConstant, Func<Value> add)
    {
        Step(OperationSteps);
        int before = _net.Count;
        try
        {
            Value value = add();
            torch.Tensor sample = _net.ComputeLast(SampleOf, isSketch: !isConstant);
            TensorsAreSmall(sample);
            if (isConstant)
            {
                Spend(sample.numel());
                _net.TakeBack(before);
                return ScriptTensor.Of(sample);
            }

            using (sample)
            {
                Last = value;
                return _tensors[value.Node] = ScriptTensor.Of(value with { Channels = sample.dim() > 1 ? sample.shape[1] : null }, sample);
            }
        }
        catch (CnnVizException exception)
        {
            _net.TakeBack(before);
            throw new NotTranslatedException(exception.Message);
        }
        catch (Exception exception) when (exception is not NotTranslatedException)
        {
            string name = _net.NameOf(_net.Count - 1);
            _net.TakeBack(before);
            throw Fails($"'{name}' cannot run: {exception.Message.Split('\n', 2)[0]}");
        }
    }

    private torch.Tensor SampleOf(Value value)
    {
        ScriptTensor tensor = _tensors[value.Node];
        return torch.zeros([], tensor.Type).expand(tensor.Shape);
    }

    private static void TensorsAreSmall(torch.Tensor sample) => CnnViz.Networks.Operators.TensorSize.Check(sample.shape);

    private static NodeInput ToInput(object? input) => input switch
    {
        null => default,
        ScriptTensor { Node: { } node } => node,
        ScriptTensor { Constant: { } constant } => ToWeight(constant),
        long[] values => values,
        float[] values => values,
        float value => value,
        long value => (Weight)torch.tensor(value),
        _ => throw new NotTranslatedException("an input of a kind that is not known"),
    };

    // The builder takes over what it reads: each time another handle.
    private static Weight ToWeight(torch.Tensor constant) => new(constant.shape, () => constant.alias());
}
