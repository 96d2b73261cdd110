using System.Management.Automation;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>What all cmdlets share that make pictures by gradient ascent: the recipe and its single numbers.</summary>
public abstract class AscentCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private PartProgress? _parts;

    /// <summary>The named defaults.</summary>
    [Parameter]
    [ValidateSet("Robust", "Natural", "Classic")]
    public string Recipe { get; set; } = "Robust";

    /// <summary>Number of steps.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Steps { get; set; }

    /// <summary>The gain that is not worth more steps.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Tolerance { get; set; }

    /// <summary>One side of the picture, or height and width, in pixels.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(1, 16384)]
    public int[]? Size { get; set; }

    /// <summary>What is changed.</summary>
    [Parameter]
    public ImageParameter ImageParameter { get; set; }

    /// <summary>How raw values become colours.</summary>
    [Parameter]
    public ImageRange ImageRange { get; set; }

    /// <summary>Whether the raw values stand for uncorrelated colours.</summary>
    [Parameter]
    public bool DecorrelateColors { get; set; }

    /// <summary>The power of the frequency by which Fourier coefficients weigh less.</summary>
    [Parameter]
    [ValidateRange(0.0, 4.0)]
    public double Decay { get; set; }

    /// <summary>Levels of the Laplacian pyramid.</summary>
    [Parameter]
    [ValidateRange(1, 16)]
    public int Levels { get; set; }

    /// <summary>Pictures that the magnitudes of phases are taken from.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Spectrum { get; set; }

    /// <summary>Standard deviation of the start.</summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    public float InitialNoise { get; set; }

    /// <summary>Standard deviation of the finished picture's values.</summary>
    [Parameter]
    [ValidateRange(double.Epsilon, 1.0)]
    public float Contrast { get; set; }

    /// <summary>Percentage of the finished picture's values that is clipped at either end when the rest is stretched.</summary>
    [Parameter]
    [ValidateRange(0.0, 45.0)]
    public double Stretch { get; set; }

    /// <summary>Pixels cut off each side at the end.</summary>
    [Parameter]
    [ValidateRange(0, 4096)]
    public int Border { get; set; }

    /// <summary>Views of the image at each step.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int Views { get; set; }

    /// <summary>One side of views, or height and width, in pixels.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(1, 16384)]
    public int[]? ViewSize { get; set; }

    /// <summary>Mean side of crops at the first and at the last step, as a share of the image.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(0.05, 1.0)]
    public double[]? Crop { get; set; }

    /// <summary>How the side of crops varies.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double CropSpread { get; set; }

    /// <summary>How the centre of crops varies.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double CropShift { get; set; }

    /// <summary>How far views move, as a share of the image.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Jitter { get; set; }

    /// <summary>Least and greatest scale of views.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(0.05, 20.0)]
    public double[]? Zoom { get; set; }

    /// <summary>How far views turn, in degrees.</summary>
    [Parameter]
    [ValidateRange(0.0, 180.0)]
    public double Rotation { get; set; }

    /// <summary>Standard deviation of the views' noise.</summary>
    [Parameter]
    [ValidateRange(0.0, 10.0)]
    public double Noise { get; set; }

    /// <summary>The share of views of the image as it is after JPEG compression.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Compressed { get; set; }

    /// <summary>The quality of that compression.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int CompressionQuality { get; set; }

    /// <summary>What comes into view from beyond the edge.</summary>
    [Parameter]
    public EdgeMode Edge { get; set; }

    /// <summary>Weight of the total variation.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double TotalVariation { get; set; }

    /// <summary>Weight of the L1 norm.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double L1 { get; set; }

    /// <summary>Weight of the L2 norm.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double L2 { get; set; }

    /// <summary>Weight of what blurring takes away.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double Blur { get; set; }

    /// <summary>Weight of colour near the border.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double BorderPenalty { get; set; }

    /// <summary>Weight of other filters of the layer that answer more.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e6)]
    public double RivalPenalty { get; set; }

    /// <summary>How a gradient becomes a change.</summary>
    [Parameter]
    public UpdateRule UpdateRule { get; set; }

    /// <summary>What the gradient, as the rule makes it, is multiplied by.</summary>
    [Parameter]
    [ValidateRange(double.Epsilon, 1e9)]
    public float StepSize { get; set; }

    /// <summary>How the step size goes on.</summary>
    [Parameter]
    public StepSchedule StepSchedule { get; set; }

    /// <summary>The share of the past in a step.</summary>
    [Parameter]
    [ValidateRange(0.0, 0.9999)]
    public double Momentum { get; set; }

    /// <summary>What the gradient is divided by.</summary>
    [Parameter]
    public GradientNormalization GradientNormalization { get; set; }

    /// <summary>A picture to start from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InitialImage { get; set; }

    /// <summary>What the noise follows from.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Pictures of each target, from as many seeds.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int Count { get; set; } = new AscentOptions().Count;

    /// <summary>How many pictures climb at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int BatchSize { get; set; }

    /// <summary>Bytes that a batch may take.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long MemoryLimit { get; set; }

    /// <summary>Steps from one picture on the way to the next.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int SnapshotEvery { get; set; }

    /// <summary>Goes down instead of up.</summary>
    [Parameter]
    public SwitchParameter Minimize { get; set; }

    /// <summary>The recipes to choose from.</summary>
    private protected virtual IReadOnlyList<Recipe> Recipes => Ascent.Recipe.All;

    /// <summary>Progress over all that comes through the pipeline.</summary>
    private protected virtual PartProgress Parts => _parts ??= new PartProgress(this, "Maximizing filters", "layer");

    /// <summary>What the user asks for; known from BeginProcessing on.</summary>
    private protected AscentOptions Options { get; private set; } = new();

    /// <inheritdoc />
    public void Dispose()
    {
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        string? picture = InitialImage is null ? null : GetUnresolvedProviderPathFromPSPath(InitialImage);
        if (picture is not null && !File.Exists(picture))
        {
            ThrowTerminatingError(ErrorRecords.PathNotFound(InitialImage!));
        }

        Options = new AscentOptions
        {
            Recipe = MakeRecipe(Recipes.First(recipe => string.Equals(recipe.Name, Recipe, StringComparison.OrdinalIgnoreCase))),
            Size = Size is { } size ? (size[0], size[^1]) : null,
            Border = Given(nameof(Border)) ? Border : null,
            InitialImage = picture,
            Spectrum = Spectrum is null ? null : new PictureSpectrum(this.ResolvePictures(Spectrum)),
            Seed = Seed,
            Count = Count,
            BatchSize = Given(nameof(BatchSize)) ? BatchSize : null,
            MemoryLimit = Given(nameof(MemoryLimit)) ? MemoryLimit : null,
            SnapshotEvery = SnapshotEvery,
            Minimize = Minimize,
        };
    }

    /// <inheritdoc />
    protected override void EndProcessing() => Parts.End();

    /// <inheritdoc />
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Runs ascents and writes their pictures as they come; an error is written for the target.</summary>
    /// <param name="target">What errors are about.</param>
    /// <param name="activity">What progress is about.</param>
    /// <param name="ascend">Makes the pictures.</param>
    /// <param name="total">How many targets there are, if there are several and that is known.</param>
    private protected void Maximize(
        object target,
        string activity,
        Func<IProgress<AscentProgress>, CancellationToken, IEnumerable<FilterImage>> ascend,
        int total) =>
        this.RunPart(
            Parts,
            (target.ToString()!, MyInvocation.ExpectingInput || total <= 1 ? null : total),
            target,
            activity,
            ascend,
            progress => progress.ToRecord(activity),
            _stopping.Token);

    private Recipe MakeRecipe(Recipe recipe) => recipe with
    {
        Steps = Or(nameof(Steps), Steps, recipe.Steps),
        Tolerance = Or(nameof(Tolerance), Tolerance, recipe.Tolerance),
        Image = recipe.Image with
        {
            Parameter = Or(nameof(ImageParameter), ImageParameter, recipe.Image.Parameter),
            Range = Or(nameof(ImageRange), ImageRange, recipe.Image.Range),
            DecorrelateColors = Or(nameof(DecorrelateColors), DecorrelateColors, recipe.Image.DecorrelateColors),
            Decay = Or(nameof(Decay), Decay, recipe.Image.Decay),
            Levels = Or(nameof(Levels), Levels, recipe.Image.Levels),
            InitialNoise = Or(nameof(InitialNoise), InitialNoise, recipe.Image.InitialNoise),
            Contrast = Or(nameof(Contrast), Contrast, recipe.Image.Contrast),
            Stretch = Or(nameof(Stretch), Stretch, recipe.Image.Stretch),
        },
        Views = recipe.Views with
        {
            Count = Or(nameof(Views), Views, recipe.Views.Count),
            Height = ViewSize is null ? recipe.Views.Height : ViewSize[0],
            Width = ViewSize is null ? recipe.Views.Width : ViewSize[^1],
            CropFrom = Crop is null ? recipe.Views.CropFrom : Crop[0],
            CropTo = Crop is null ? recipe.Views.CropTo : Crop[^1],
            CropSpread = Or(nameof(CropSpread), CropSpread, recipe.Views.CropSpread),
            CropShift = Or(nameof(CropShift), CropShift, recipe.Views.CropShift),
            Jitter = Or(nameof(Jitter), Jitter, recipe.Views.Jitter),
            MinZoom = Zoom is null ? recipe.Views.MinZoom : Zoom.Min(),
            MaxZoom = Zoom is null ? recipe.Views.MaxZoom : Zoom.Max(),
            Rotation = Or(nameof(Rotation), Rotation, recipe.Views.Rotation),
            Noise = Or(nameof(Noise), Noise, recipe.Views.Noise),
            Compressed = Or(nameof(Compressed), Compressed, recipe.Views.Compressed),
            CompressionQuality = Or(nameof(CompressionQuality), CompressionQuality, recipe.Views.CompressionQuality),
            Edge = Or(nameof(Edge), Edge, recipe.Views.Edge),
        },
        Penalties = recipe.Penalties with
        {
            TotalVariation = Or(nameof(TotalVariation), TotalVariation, recipe.Penalties.TotalVariation),
            L1 = Or(nameof(L1), L1, recipe.Penalties.L1),
            L2 = Or(nameof(L2), L2, recipe.Penalties.L2),
            Blur = Or(nameof(Blur), Blur, recipe.Penalties.Blur),
            Border = Or(nameof(BorderPenalty), BorderPenalty, recipe.Penalties.Border),
            Rivals = Or(nameof(RivalPenalty), RivalPenalty, recipe.Penalties.Rivals),
        },
        Update = recipe.Update with
        {
            Rule = Or(nameof(UpdateRule), UpdateRule, recipe.Update.Rule),
            StepSize = Given(nameof(StepSize)) ? StepSize
                : Given(nameof(UpdateRule)) || Given(nameof(GradientNormalization)) || Given(nameof(ImageParameter)) ? null
                : recipe.Update.StepSize,
            GradientNormalization = Or(nameof(GradientNormalization), GradientNormalization, recipe.Update.GradientNormalization),
            Momentum = Or(nameof(Momentum), Momentum, recipe.Update.Momentum),
            Schedule = Or(nameof(StepSchedule), StepSchedule, recipe.Update.Schedule),
        },
    };

    private bool Given(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private T Or<T>(string parameter, T value, T otherwise) => Given(parameter) ? value : otherwise;
}
