using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

using PictureOutputs = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlyDictionary<CnnViz.Networks.CnnLayer, TorchSharp.torch.Tensor>>;

namespace CnnViz.Ascent;

/// <summary>Raises objectives by gradient ascent on the input image, several pictures at once.</summary>
internal sealed class GradientAscent
{
    // As long as Lucid redirects gradients.
    private const int RedirectedSteps = 16;

    private readonly CnnLayer[] _layers;
    private readonly CnnModel _model;
    private readonly AscentOptions _options;
    private readonly ObjectiveResponse _response;
    private readonly ReferencePhotos? _references;
    private readonly Lazy<long?> _kernelValues;
    private readonly IReadOnlyList<CnnObjective> _objectives;

    /// <summary>Prepares ascents.</summary>
    /// <param name="objectives">All that will be raised; of one model.</param>
    /// <param name="options">What the user asks for.</param>
    /// <exception cref="CnnVizException">An option does not fit.</exception>
    /// <exception cref="ImageSizeException">A layer cannot take the size.</exception>
    public GradientAscent(IReadOnlyList<CnnObjective> objectives, AscentOptions options)
    {
        _objectives = objectives;
        _kernelValues = new Lazy<long?>(PrepareKernels);
        _layers =
            [.. objectives.SelectMany(objective => objective.Layers.Concat(objective.BeforeRectifier?.Layers ?? [])).Distinct()];
        _model = _layers[0].Model;
        Geometry = AscentGeometry.Find(_layers, options.Recipe);
        long values = (long)_model.InputShape.Channels * Geometry.FullHeight * Geometry.FullWidth;
        _options = options;
        Recipe = options.Recipe with
        {
            Size = new PictureSize(Geometry.Height, Geometry.Width),
            UsualSide = null,
            Image = options.Recipe.Image.WithBorder(Geometry.Border),
            Update = options.Recipe.Update.WithStepSize(values, options.Recipe.Image.Parameter),
            Views = Geometry.View is { } view
                ? options.Recipe.Views with { Height = (int)view.Height, Width = (int)view.Width }
                : options.Recipe.Views,
        };
        RecipeRules.CheckReferences(options.Recipe);
        _references = options.Recipe.References.Any ? new ReferencePhotos(objectives, options.Recipe.References) : null;
        _response = new ObjectiveResponse(
            [.. _layers.Union(_references?.Layers ?? [])], options.Minimize, options.Recipe.Penalties.Rivals, _references);
    }

    /// <summary>What runs the network.</summary>
    public ObjectiveResponse Response => _response;

    /// <summary>The layers that the objectives look at.</summary>
    public IReadOnlyList<CnnLayer> Layers => _layers;

    /// <summary>The size of the pictures.</summary>
    public AscentGeometry Geometry { get; }

    /// <summary>
    /// Whether libtorch has little to do; pictures then do not depend on their batch at all, unless their gradients had to be redirected.
    /// </summary>
    public bool IsByKernels => _kernelValues.Value is not null;

    /// <summary>About how many bytes one picture of a batch takes while it climbs.</summary>
    public long PictureBytes => _kernelValues.Value is { } values
        ? AscentMemory.OfKernels(values * Recipe.Views.Count, _model.InputShape.Channels, Geometry)
        : AscentMemory.OfLibtorch(_layers, Geometry, Recipe.Views.Count);

    /// <summary>The numbers of the ascent, all of them known, so that another one by them does the same.</summary>
    public Recipe Recipe { get; }

    /// <summary>Reads the photos that pictures are to resemble, if there are any; <see cref="Climb"/> does so too.</summary>
    /// <param name="cancellation">Stops between two photos.</param>
    /// <exception cref="CnnVizException">One of them cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void ReadReferences(CancellationToken cancellation) => _references?.Read(cancellation);

    /// <summary>Makes a batch of pictures.</summary>
    /// <param name="targets">One for each picture; all with the same share of steps, and all from noise or all from other starts.</param>
    /// <param name="report">Told after each step of the number of steps taken and the mean activation.</param>
    /// <param name="cancellation">Stops at the next operation.</param>
    /// <returns>One result a target; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The output does not depend on the image in a way that has a gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public AscentResult[] Climb(IReadOnlyList<AscentTarget> targets, Action<int, float> report, CancellationToken cancellation)
    {
        ReadReferences(cancellation);
        using DisposeScope scope = torch.NewDisposeScope();

        // From the first transform to the last: with more threads, libtorch rounds Fourier transforms of some sizes differently.
        using IDisposable? hold = IsByKernels ? LibtorchThreads.HoldToOne() : null;
        torch.Generator[] randoms = [.. targets.Select(target => new torch.Generator(target.Seed))];
        using AscentImage image = Start(targets, randoms);
        using IUpdateRule rule = CreateRule(targets[0].StepShare, image.Variables.Count);
        using AffineResponse? affine = FindAffine([.. targets.Select(target => target.Objective)]);
        var views = new RandomViews(Recipe.Views, randoms);
        Climber[] climbers = [.. targets.Select(target => new Climber(target.Objective, Recipe.Tolerance, _options.Minimize))];
        var pictures = ComparedPictures.Read(targets.Select(target => target.Objective), _model, Geometry);
        var snapshots = new SnapshotRecorder(_options.SnapshotEvery, climbers);
        Look((climber, value) => climber.AtStart = value);
        Array.ForEach([.. climbers.Zip(targets)], pair => pair.First.AtStart = pair.Second.AtStart ?? pair.First.AtStart);
        report(0, float.NaN);
        for (int step = 0; step < Recipe.Steps && climbers.Any(climber => climber.IsClimbing); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(step, image, views, pictures, affine, rule, climbers, cancellation);
            report(step + 1, climbers.Average(climber => climber.Activations[^1]));
            if (snapshots.IsDue(step + 1))
            {
                using DisposeScope ofSnapshot = torch.NewDisposeScope();
                Look((_, _) => { });
            }
        }

        cancellation.ThrowIfCancellationRequested();
        torch.Tensor finished = Look((climber, value) => climber.AtEnd = value).cpu();
        torch.Tensor? transparency = image.ToTransparency()?.cpu();
        Array.ForEach(randoms, random => random.Dispose());
        return [.. climbers.Select((climber, i) =>
            climber.ToResult(
                finished[i].clone().DetachFromDisposeScope(),
                transparency?[i].clone().DetachFromDisposeScope(),
                snapshots.Of(i)))];

        torch.Tensor Look(Action<Climber, float> store)
        {
            (torch.Tensor shown, float[] values) = Measure(image, climbers, pictures);
            Array.ForEach([.. climbers.Zip(values)], pair => store(pair.First, pair.Second));
            snapshots.Keep(shown, values);
            return shown;
        }
    }

    /// <summary>The picture that an ascent came to, with all that is known of it.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="objective">What it raised.</param>
    /// <param name="seed">The seed that the user gave.</param>
    /// <param name="elapsed">The time that it took.</param>
    /// <param name="place">Its place in an interpolation, or null.</param>
    public FilterImage ToImage(AscentResult result, CnnObjective objective, long seed, TimeSpan elapsed, InterpolationPlace? place = null) =>
        new(result, objective)
        {
            Seed = seed,
            Recipe = Recipe,
            Minimized = _options.Minimize,
            Border = Geometry.Border,
            InitialImage = _options.InitialImage ?? _options.Start?.Path ?? _options.Start?.Objective,
            Spectrum = _options.Recipe.Image.Parameter == ImageParameter.Phase ? _options.Recipe.Spectrum?.ToString() : null,
            Interpolation = place,
            Elapsed = elapsed,
        };

    private AscentImage Start(IReadOnlyList<AscentTarget> targets, torch.Generator[] randoms)
    {
        int channels = _model.InputShape.Channels;
        if (targets[0].Start is not null)
        {
            torch.Tensor starts = ProbePictures.Make(targets.Select(target => target.Start!.Value), channels, Geometry, _model.TorchDevice);
            return AscentImage.FromProbes(Recipe.Image, starts, Geometry.Border, randoms, _options.Spectrum);
        }

        if (_options.Start is { } begun)
        {
            return Begin(Enlarge(begun.Tensor.unsqueeze(0)), randoms.Length);
        }

        if (_options.InitialImage is not { } path)
        {
            return AscentImage.FromNoise(Recipe.Image, channels, Geometry, randoms, _model.TorchDevice, _options.Spectrum);
        }

        return Begin(ImageFile.Read(path, channels, Geometry.FullHeight, Geometry.FullWidth).unsqueeze(0), randoms.Length);
    }

    private AscentImage Begin(torch.Tensor picture, int count) => AscentImage.FromPictures(
        Recipe.Image, picture.repeat(count, 1, 1, 1).to(_model.TorchDevice), Geometry.Border, _options.Spectrum);

    // A finished picture has lost its border, and another size may be wanted. 1×C×H×W.
    private torch.Tensor Enlarge(torch.Tensor picture)
    {
        torch.Tensor sized = picture.shape[2] == Geometry.Height && picture.shape[3] == Geometry.Width
            ? picture
            : torch.nn.functional.interpolate(
                picture, [Geometry.Height, Geometry.Width], mode: torch.InterpolationMode.Bilinear, align_corners: false);
        long border = Geometry.Border;
        return border == 0 ? sized : torch.nn.functional.pad(sized, [border, border, border, border], PaddingModes.Replicate);
    }

    private IUpdateRule CreateRule(float stepShare, int variables)
    {
        UpdateSettings settings = Recipe.Update.Scaled(stepShare);
        return _options.Alignment > 0
            ? new AlignedAscent(settings.Create(variables), settings.Create(variables), _options.Alignment)
            : settings.Create(variables);
    }

    private long? PrepareKernels()
    {
        Extent size = Geometry.View ?? new Extent(Geometry.FullHeight, Geometry.FullWidth);
        using torch.Tensor views = torch.empty(1, _model.InputShape.Channels, size.Height, size.Width, device: _model.TorchDevice);
        using AffineResponse? affine = FindAffine(_objectives);
        return affine is null ? _response.PrepareKernels(views) : affine.PrepareKernels(views);
    }

    private AffineResponse? FindAffine(IReadOnlyList<CnnObjective> objectives) =>
        Recipe.Penalties.Rivals > 0 || _references is not null ? null : AffineResponse.For(objectives, _options.Minimize);

    // One step for all images that still climb.
    private void Step(
        int step,
        AscentImage image,
        RandomViews views,
        ComparedPictures pictures,
        AffineResponse? affine,
        IUpdateRule rule,
        Climber[] climbers,
        CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor images = image.ToImages();
        DrawnViews drawn = views.Next(images.shape[1..], (double)step / Math.Max(1, Recipe.Steps - 1));
        torch.Tensor seen = drawn.Apply(images);
        PictureOutputs compared = _response.Compare(pictures, picture => drawn.Apply(picture.expand(images.shape)), cancellation);
        CnnObjective[] objectives = Objectives(climbers);
        (float[] values, torch.Tensor gradient) = Differentiate(redirect: false);
        cancellation.ThrowIfCancellationRequested();
        float[] largest = GradientScale.Largest(gradient, climbers.Length);
        bool[] isFlat = [.. largest.Select(value => value == 0)];
        if (step < RedirectedSteps && isFlat.Where((flat, i) => flat && climbers[i].IsClimbing).Any())
        {
            torch.Tensor redirected = Differentiate(redirect: true).Gradient;
            float[] ofRedirected = GradientScale.Largest(redirected, climbers.Length);
            Array.ForEach([.. climbers.Where((climber, i) => isFlat[i] && ofRedirected[i] != 0)], climber => climber.IsRedirected = true);
            gradient = torch.where(PerImage(isFlat, gradient), redirected, gradient);
            largest = [.. largest.Zip(ofRedirected, (own, other) => own == 0 ? other : own)];
            isFlat = [.. largest.Select(value => value == 0)];
        }

        bool[] climbed = [.. climbers.Select(climber => climber.IsClimbing)];
        for (int i = 0; i < climbers.Length; i++)
        {
            climbers[i].Advance(values[i], isFlat[i], float.IsFinite(largest[i]));
        }

        IList<torch.Tensor> gradients = Propagate([.. image.Variables, images], images, seen, gradient, values);
        using var noGradients = torch.no_grad();
        torch.Tensor ofImages = GradientScale.Finite(gradients[^1]);
        image.AddGradients(climbed.Contains(false) ? ofImages * PerImage(climbed, ofImages) : ofImages);
        double factor = Recipe.Update.Factor(step, Recipe.Steps);
        for (int variable = 0; variable < image.Variables.Count; variable++)
        {
            torch.Tensor change = rule.Change(
                variable, GradientScale.Normalize(GradientScale.Finite(gradients[variable]), Recipe.Update.GradientNormalization));
            change = factor == 1 ? change : change.Mul(factor);
            bool[] climbs = [.. climbers.Select(climber => climber.IsClimbing)];
            image.Change(variable, climbs.Contains(false) ? change * PerImage(climbs, change) : change);
        }

        (float[] Values, torch.Tensor Gradient) Differentiate(bool redirect) => affine is null
            ? _response.Differentiate(seen, objectives, compared, redirect, cancellation)
            : affine.Differentiate(seen, redirect, cancellation);
    }

    // From the views' gradient to the variables', with the penalties taken off.
    private IList<torch.Tensor> Propagate(
        IReadOnlyList<torch.Tensor> variables, torch.Tensor images, torch.Tensor seen, torch.Tensor gradient, float[] values)
    {
        torch.Tensor[] ends = [seen];
        torch.Tensor[] gradients = [GradientScale.Finite(gradient)];
        if (Recipe.Penalties.Any)
        {
            float[] sizes = [.. values.Select(value => float.IsFinite(value) ? Math.Abs(value) : 0)];
            torch.Tensor weights = torch.tensor(sizes, device: images.device);
            torch.Tensor penalties = new Penalties(Recipe.Penalties).Evaluate(images);
            (ends, gradients) = ([seen, penalties], [gradients[0], -weights.expand_as(penalties)]);
        }

        return ObjectiveResponse.Gradient(_layers[0], ends, variables, gradients);
    }

    // What the saved pictures do, not what the ascent had in hand. A picture that a layer is too small for without its border has no
    // activation of its own.
    private (torch.Tensor Pictures, float[] Values) Measure(AscentImage image, Climber[] climbers, ComparedPictures compared)
    {
        using var noGradients = torch.no_grad();
        torch.Tensor pictures = image.ToPictures();
        float[] values;
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            PictureOutputs outputs = _response.Compare(
                compared, picture => Geometry.Show(Geometry.CutBorder(picture).expand(pictures.shape)), default);
            torch.Tensor shown = Geometry.Show(pictures.Mul(255).round().Div(255));
            values = _response.Evaluate(shown, Objectives(climbers), outputs, redirectGradients: false, default).ToFloats();
        }
        catch (ImageSizeException)
        {
            values = [.. climbers.Select(_ => float.NaN)];
        }

        return (pictures, values);
    }

    private static CnnObjective[] Objectives(Climber[] climbers) => [.. climbers.Select(climber => climber.Objective)];

    private static torch.Tensor PerImage(bool[] flags, torch.Tensor like)
    {
        torch.Tensor mask = torch.tensor(flags, device: like.device).repeat_interleave(like.shape[0] / flags.Length);
        return mask.reshape([-1, .. Enumerable.Repeat(1L, (int)like.dim() - 1)]);
    }
}
