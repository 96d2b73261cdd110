using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;

namespace CnnViz.Commands;

/// <summary>New-CnnRecipe: a recipe with numbers of one's own. Ranges and meanings are those of the recipe itself.</summary>
[Cmdlet(VerbsCommon.New, "CnnRecipe")]
[OutputType(typeof(Recipe))]
public sealed class NewCnnRecipeCommand : RecipeCommand
{
    /// <summary>The recipe to start from: a name, a recipe, or settings.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [RecipeArgument(RecipePurpose.Filters)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public Recipe From { get; set; } = Recipe.Default(RecipePurpose.Filters);

    /// <summary>A name of its own.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>One side of the picture where no size is given and the network takes it, in pixels.</summary>
    [Parameter]
    public int? UsualSide { get; set; }

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
    public double Decay { get; set; }

    /// <summary>Levels of the Laplacian pyramid.</summary>
    [Parameter]
    public int Levels { get; set; }

    /// <summary>Pictures that the magnitudes of phases are taken from.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Spectrum { get; set; }

    /// <summary>Photos that pictures are to resemble.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Reference { get; set; }

    /// <summary>What that counts, beside the activation.</summary>
    [Parameter]
    public double Likeness { get; set; }

    /// <summary>The share of the photos that fire the filter most.</summary>
    [Parameter]
    public double ReferenceShare { get; set; }

    /// <summary>Standard deviation of the start.</summary>
    [Parameter]
    public float InitialNoise { get; set; }

    /// <summary>Standard deviation of the finished picture's values.</summary>
    [Parameter]
    public float? Contrast { get; set; }

    /// <summary>Percentage of the finished picture's values that is clipped at either end when the rest is stretched.</summary>
    [Parameter]
    public double Stretch { get; set; }

    /// <summary>What is cut off each side at the end, as a share of the picture.</summary>
    [Parameter]
    public double Border { get; set; }

    /// <summary>The same in pixels.</summary>
    [Parameter]
    public int? BorderPixels { get; set; }

    /// <summary>Views of the image at each step.</summary>
    [Parameter]
    public int Views { get; set; }

    /// <summary>One side of views, or height and width, in pixels.</summary>
    [Parameter]
    public int[]? ViewSize { get; set; }

    /// <summary>Mean side of crops at the first and at the last step, as a share of the image.</summary>
    [Parameter]
    public double[]? Crop { get; set; }

    /// <summary>How the side of crops varies.</summary>
    [Parameter]
    public double CropSpread { get; set; }

    /// <summary>How the centre of crops varies.</summary>
    [Parameter]
    public double CropShift { get; set; }

    /// <summary>How far views move, as a share of the image.</summary>
    [Parameter]
    public double Jitter { get; set; }

    /// <summary>Least and greatest scale of views.</summary>
    [Parameter]
    public double[]? Zoom { get; set; }

    /// <summary>How far views turn, in degrees.</summary>
    [Parameter]
    public double Rotation { get; set; }

    /// <summary>Standard deviation of the views' noise.</summary>
    [Parameter]
    public double Noise { get; set; }

    /// <summary>The share of views of the image as it is after JPEG compression.</summary>
    [Parameter]
    public double Compressed { get; set; }

    /// <summary>The quality of that compression.</summary>
    [Parameter]
    public int CompressionQuality { get; set; }

    /// <summary>What comes into view from beyond the edge.</summary>
    [Parameter]
    public EdgeMode Edge { get; set; }

    /// <summary>Weight of the total variation.</summary>
    [Parameter]
    public double TotalVariation { get; set; }

    /// <summary>Weight of the L1 norm.</summary>
    [Parameter]
    public double L1 { get; set; }

    /// <summary>Weight of the L2 norm.</summary>
    [Parameter]
    public double L2 { get; set; }

    /// <summary>Weight of what blurring takes away.</summary>
    [Parameter]
    public double Blur { get; set; }

    /// <summary>Weight of colour near the border.</summary>
    [Parameter]
    public double BorderPenalty { get; set; }

    /// <summary>Weight of other filters of the layer that answer more.</summary>
    [Parameter]
    public double RivalPenalty { get; set; }

    /// <summary>How a gradient becomes a change.</summary>
    [Parameter]
    public UpdateRule UpdateRule { get; set; }

    /// <summary>What the gradient, as the rule makes it, is multiplied by.</summary>
    [Parameter]
    public float? StepSize { get; set; }

    /// <summary>How the step size goes on.</summary>
    [Parameter]
    public StepSchedule StepSchedule { get; set; }

    /// <summary>The share of the past in a step.</summary>
    [Parameter]
    public double Momentum { get; set; }

    /// <summary>What the gradient is divided by.</summary>
    [Parameter]
    public GradientNormalization GradientNormalization { get; set; }

    /// <summary>Sizes that a photo is dreamt at.</summary>
    [Parameter]
    public int? Octaves { get; set; }

    /// <summary>How much larger each octave is.</summary>
    [Parameter]
    public double OctaveScale { get; set; }

    /// <summary>How far a photo moves between two steps, in pixels.</summary>
    [Parameter]
    public int? DreamJitter { get; set; }

    /// <summary>Side of the largest piece that runs through the network at once.</summary>
    [Parameter]
    public int? TileSize { get; set; }

    private protected override void Process()
    {
        Recipe recipe = this.WithGiven(Name is null ? From : From with { Name = Name });
        foreach (string unused in UnusedSettings.Of(recipe))
        {
            WriteWarning(unused);
        }

        WriteObject(recipe);
    }
}
