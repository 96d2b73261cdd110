namespace CnnViz.Import.PyTorch;

/// <summary>An object of a class that weights do not need, such as a module or a setting: its state, and no behaviour.</summary>
/// <param name="className">Full name of its class.</param>
internal sealed class TorchObject(string className)
{
    /// <summary>Full name of its class.</summary>
    public string Class => className;

    /// <summary>Its attributes, a <see cref="PickleDict"/>, or what the class has made of them; null before it is set.</summary>
    public object? State { get; set; }
}
