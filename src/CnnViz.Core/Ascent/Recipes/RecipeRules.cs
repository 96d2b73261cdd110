namespace CnnViz.Ascent;

/// <summary>What the numbers of a recipe may be, alone and together. Nothing else checks them.</summary>
internal static class RecipeRules
{
    private const int MostDreamSteps = 10_000;

    /// <summary>Throws for the first number that cannot be.</summary>
    public static void Check(Recipe recipe)
    {
        foreach (RecipeSetting setting in RecipeSetting.All)
        {
            object?[] values = [.. setting.ValuesIn(recipe)];
            if (values.OfType<IConvertible>().Any(value => !IsInRange(value, setting)))
            {
                throw OutOfRange(setting.TextOf(values), setting.RangeText);
            }
        }

        if ((recipe.Views.Height == 0) != (recipe.Views.Width == 0))
        {
            throw new CnnVizException(
                "RecipeValueOutOfRange",
                $"ViewSize {recipe.Views.Height}, {recipe.Views.Width} has only one of height and width.",
                "Give both, or 0 for an automatic size.");
        }

        CheckZoom(recipe.Views);
        CheckWrap(recipe);
        CheckDream(recipe);
    }

    /// <summary>Throws for a dream's recipe where an ascent at one size is wanted.</summary>
    public static void CheckIsNoDream(Recipe recipe)
    {
        if (recipe.Dream is not null)
        {
            throw new CnnVizException(
                "RecipeIsForDreams", $"The recipe '{recipe.Name}' is for dreams.", "Choose another, or use Invoke-DeepDream.");
        }
    }

    /// <summary>Throws for another recipe than a dream's where that is wanted.</summary>
    public static void CheckIsDream(Recipe recipe)
    {
        if (recipe.Dream is null)
        {
            throw new CnnVizException(
                "RecipeIsNotForDreams", $"The recipe '{recipe.Name}' is not for dreams.", "Choose DeepDream, or one made from it.");
        }
    }

    /// <summary>Throws where a recipe wants likeness to photos and has none.</summary>
    public static void CheckReferences(Recipe recipe)
    {
        if (recipe.References is { Likeness: > 0, Pictures: null })
        {
            throw new CnnVizException(
                "NoReference", $"The recipe '{recipe.Name}' makes pictures resemble photos, and there are none.", "Give photos, or a folder of them, with -Reference.");
        }
    }

    private static bool IsInRange(IConvertible value, RecipeSetting setting) =>
        value is bool or Enum || (Convert.ToDouble(value, null) is var number && number >= setting.Least && number <= setting.Most);

    private static void CheckZoom(ViewSettings views)
    {
        if (views.MinZoom > views.MaxZoom)
        {
            throw new CnnVizException(
                "RecipeValueOutOfRange",
                FormattableString.Invariant($"The smallest zoom, {views.MinZoom}, is larger than the largest, {views.MaxZoom}."),
                "Give the smaller one first, as in Zoom 0.9, 1.1.");
        }
    }

    private static void CheckWrap(Recipe recipe)
    {
        if (recipe.Views.Edge == EdgeMode.Wrap && (recipe.Image.BorderPixels ?? recipe.Image.Border) > 0)
        {
            throw new CnnVizException(
                "RecipeSettingUnsuitable",
                "Edge Wrap makes pictures that join at their edges, but a Border is cut off at the end.",
                "Set Border to 0, or choose another Edge.");
        }

        if (recipe.Views.Edge == EdgeMode.Wrap && recipe.Image.Parameter == ImageParameter.Pyramid)
        {
            throw new CnnVizException(
                "RecipeSettingUnsuitable",
                "Edge Wrap makes pictures that join at their edges, but the levels of a Pyramid do not join there.",
                "Choose the ImageParameter Fourier, Phase or Pixels, or another Edge.");
        }
    }

    // A dream takes no notice of other numbers, so that they must not be there to be believed in.
    private static void CheckDream(Recipe recipe)
    {
        if (recipe.Dream is null)
        {
            return;
        }

        if (recipe.Steps > MostDreamSteps)
        {
            throw OutOfRange($"Steps {recipe.Steps}", $"from 1 to {MostDreamSteps} for a dream");
        }

        if (recipe.Update.StepSize is null)
        {
            throw new CnnVizException("RecipeValueInvalid", "A dream needs a StepSize.", "Give one; DeepDream has 1.5/255.");
        }

        Recipe published = Recipe.DeepDream;
        Recipe used = published with
        {
            Name = recipe.Name,
            Steps = recipe.Steps,
            Update = published.Update with { StepSize = recipe.Update.StepSize },
            Dream = recipe.Dream,
            Views = recipe.Views.Edge == EdgeMode.Wrap ? published.Views with { Edge = EdgeMode.Wrap } : published.Views,
        };
        if (RecipeText.Differences(recipe, used).FirstOrDefault() is { } unused)
        {
            throw new CnnVizException(
                "RecipeSettingUnsuitable",
                $"A dream has no {unused.Name}.",
                "It has Steps, StepSize, Octaves, OctaveScale, DreamJitter, TileSize, and Edge Reflect or Wrap.");
        }
    }

    private static CnnVizException OutOfRange(string what, string range) =>
        new("RecipeValueOutOfRange", $"{what} is not possible: it must be {range}.");
}
