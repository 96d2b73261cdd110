using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// The picture that makes a filter fire, with what is needed to trust and to repeat it: fresh from an ascent, or read back from the file
/// that it was written to.
/// </summary>
public sealed class FilterImage : IDisposable
{
    private readonly long _bytes;
    private readonly torch.Tensor? _transparency;
    private torch.Tensor? _tensor;
    private IReadOnlyList<FilterSnapshot> _snapshots = new ValueList<FilterSnapshot>([]);

    internal FilterImage(AscentResult result, CnnObjective objective)
        : this(result.Picture, result.Transparency)
    {
        (Activation, Activations, Status, Rescue) = (result.Activation, new ValueList<float>(result.Activations), result.Status, result.Rescue);
        _snapshots = new ValueList<FilterSnapshot>(result.Snapshots);
        Model = objective.Model.Name;
        ModelSha256 = objective.Model.Sha256;
        Preprocessing = objective.Model.Preprocessing.ToString();
        Objective = objective.ToString()!;
        Layer = objective.LayerNames;
        Filter = objective.Filter?.Index;
        ClassName = objective.Filter?.ClassName;
    }

    /// <summary>A picture out of a file.</summary>
    /// <param name="tensor">C×H×W, 0…1, on the CPU; the picture's from now on.</param>
    /// <param name="transparency">H×W, 0…1, on the CPU, or null; the picture's from now on.</param>
    /// <param name="facts">What the file says.</param>
    /// <param name="path">Full path of the file; null where it came from another process.</param>
    [SetsRequiredMembers]
    internal FilterImage(torch.Tensor tensor, torch.Tensor? transparency, FilterImageFacts facts, string? path)
        : this(tensor, transparency)
    {
        Path = path;
        (Activation, Activations, Status, Rescue) =
            (facts.Activation ?? float.NaN, new ValueList<float>(facts.Activations.Select(value => value ?? float.NaN)), facts.Status, facts.Rescue);
        (Model, ModelSha256, Preprocessing) = (facts.Model, facts.ModelSha256, facts.Preprocessing);
        (Layer, Filter, ClassName) = (facts.Layer, facts.Filter, facts.ClassName);
        Objective = facts.Objective ?? $"{facts.Layer}:{facts.Filter}";
        (Seed, Recipe, Minimized, Border) = (facts.Seed, facts.ToRecipe(), facts.Minimized, facts.Border);
        (InitialImage, InitialImageSha256) = (facts.InitialImage, facts.InitialImageSha256);
        (Spectrum, Interpolation, Grid) = (facts.Spectrum, facts.Interpolation, facts.Grid);
    }

    // The rest of the members is the other constructors' to fill in.
#pragma warning disable CS8618
    private FilterImage(torch.Tensor tensor, torch.Tensor? transparency)
#pragma warning restore CS8618
    {
        _tensor = tensor.DetachFromDisposeScope();
        _transparency = transparency?.DetachFromDisposeScope();

        // The pixels lie outside the managed heap; without this, a session that forgets its pictures would never collect them.
        _bytes = (tensor.numel() + (transparency?.numel() ?? 0)) * tensor.ElementSize;
        GC.AddMemoryPressure(_bytes);
        (Height, Width) = ((int)tensor.shape[1], (int)tensor.shape[2]);
    }

    /// <summary>Takes back the memory pressure of a forgotten picture.</summary>
    ~FilterImage() => GC.RemoveMemoryPressure(_bytes);

    /// <summary>Full path of the file that it was read from; null where it is fresh from an ascent.</summary>
    public string? Path { get; }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal.</summary>
    public string ModelSha256 { get; }

    /// <summary>What was raised: a filter such as <c>conv1:3</c>, or a sum such as <c>conv1:3 - 0.5 * conv2:7</c>.</summary>
    public string Objective { get; }

    /// <summary>Name of the layer; of all of them, where the objective looks at several.</summary>
    public string Layer { get; }

    /// <summary>Number of the filter in its layer; null where the objective is not about one filter alone.</summary>
    public int? Filter { get; }

    /// <summary>The class that the filter stands for, or null.</summary>
    public string? ClassName { get; }

    /// <summary>
    /// The objective's value for this picture as it will be saved, within 0…1, rounded to 8 bits, without the border: for a filter, the mean
    /// of its map.
    /// </summary>
    public float Activation { get; }

    /// <summary>The objective's value at the beginning of each step, for the views of that step, border included.</summary>
    public IReadOnlyList<float> Activations { get; }

    /// <summary>
    /// Pictures on the way, in the order of their steps, the finished one last. Empty where none were asked for, in a picture that was read
    /// from a file, and in one that was disposed.
    /// </summary>
    public IReadOnlyList<FilterSnapshot> Snapshots => _snapshots;

    /// <summary>How the ascent ended.</summary>
    public AscentStatus Status { get; }

    /// <summary>What it took to move a filter that the first attempt did not, or not as far as a picture of a single colour.</summary>
    public AscentRescue Rescue { get; }

    /// <summary>The seed that was given.</summary>
    public required long Seed { get; init; }

    /// <summary>
    /// The numbers of the ascent, all of them known: by them, with the seed, the same objective, starting picture and direction, the same
    /// picture is made again.
    /// </summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Whether the activation was to go down instead of up.</summary>
    public required bool Minimized { get; init; }

    /// <summary>How the picture became the network's input.</summary>
    public string Preprocessing { get; }

    /// <summary>Pixels that were cut off each side.</summary>
    public required int Border { get; init; }

    /// <summary>The tiles, where it is an activation grid; else null. The recipe is that of a tile then.</summary>
    public GridSettings? Grid { get; init; }

    /// <summary>
    /// The picture that the ascent began with, or whose activations it shows; only its file's name where this was read from a file; null where it
    /// was noise.
    /// </summary>
    public required string? InitialImage { get; init; }

    /// <summary>For dreams: SHA-256 of the photo's file, in lower-case hexadecimal; else null.</summary>
    public string? InitialImageSha256 { get; init; }

    /// <summary>For phases: the pictures that the magnitudes are of; null where they are those of natural images.</summary>
    public required string? Spectrum { get; init; }

    /// <summary>Its place in a row of pictures between filters; null where it is of no such row.</summary>
    public InterpolationPlace? Interpolation { get; init; }

    /// <summary>Time that it took: its share of its batch's. Zero in a picture that was read from a file, as files do not hold it.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Such as <c>128×128</c>: height, then width.</summary>
    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");

    /// <summary>False where the ascent could not raise the filter, so that the picture shows nothing.</summary>
    public bool HasSignal => Status is AscentStatus.StepLimit or AscentStatus.Converged;

    /// <summary>Why the picture shows nothing, and what to try; null where it shows something.</summary>
    internal string? WhyNoSignal => Status switch
    {
        AscentStatus.Dead =>
            "its gradient is zero from the start, so no step changes the picture. Try another -Seed, or the layer before its activation function",
        AscentStatus.NotRaised =>
            "no step increased its activation, nor from other starts or with smaller steps. Try the layer before its activation function",
        AscentStatus.Diverged =>
            "its activation or gradient became infinite or not a number. Try a smaller StepSize, or check the preprocessing",
        _ => null,
    };

    /// <summary>
    /// The picture: C×H×W, RGB, 0…1, single precision, on the CPU. It stays this object's. In PowerShell it is the property Tensor; here it is
    /// no property, or ConvertTo-Json would write all that a tensor has.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    public torch.Tensor GetTensor() => Tensor;

    /// <summary>
    /// Where in the picture the ascent was at work: the absolute gradients of all steps added up, clipped at their 80th percentile.
    /// H×W, 0…1, of which 0 is to be transparent, single precision, on the CPU; null where there is none. It stays this object's. In PowerShell
    /// it is the property Transparency.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    public torch.Tensor? GetTransparency() => Transparency;

    /// <summary>
    /// The picture as the bytes of a PNG file, with all facts in it and its transparency; null where it was disposed. In PowerShell it is the property File,
    /// by which the picture crosses to other processes.
    /// </summary>
    public byte[]? GetFile() => _tensor is null ? null : FilterImageFile.ToBytes(this);

    /// <inheritdoc cref="GetTensor" />
    internal torch.Tensor Tensor => _tensor ?? throw new ObjectDisposedException(nameof(FilterImage));

    /// <inheritdoc cref="GetTransparency" />
    internal torch.Tensor? Transparency => _tensor is null ? throw new ObjectDisposedException(nameof(FilterImage)) : _transparency;

    /// <summary>Gives the pixels' memory back.</summary>
    public void Dispose()
    {
        if (_tensor is not null)
        {
            _tensor.Dispose();
            _transparency?.Dispose();
            _tensor = null;
            _snapshots = new ValueList<FilterSnapshot>([]);
            GC.RemoveMemoryPressure(_bytes);
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Such as <c>inception_4c/3x3:7 (128×128, activation 283.4)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Objective} ({Size}, activation {Activation:0.0###})");
}
