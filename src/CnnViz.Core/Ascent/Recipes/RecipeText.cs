namespace CnnViz.Ascent;

/// <summary>Recipes and their parts in words.</summary>
internal static class RecipeText
{
    /// <summary>A recipe by its name and what is different from the published one of that name.</summary>
    public static string Of(Recipe recipe)
    {
        string[] differences = Recipe.Published.FirstOrDefault(other => other.Name == recipe.Name) is { } published
            ? [.. Differences(recipe, published).Select(setting => setting.TextOf(setting.ValuesIn(recipe)))]
            : [];
        return differences.Length == 0 ? recipe.Name : $"{recipe.Name} ({string.Join(", ", differences)})";
    }

    /// <summary>All numbers of a part of a recipe.</summary>
    public static string OfPart(object part)
    {
        IEnumerable<RecipeSetting> settings = RecipeSetting.All.Where(setting => setting.Members[0].DeclaringType == part.GetType());
        return string.Join(", ", settings.Select(setting => setting.TextOf(setting.Members.Select(member => member.GetValue(part)))));
    }

    /// <summary>The settings that two recipes have in different ways. The usual side of pictures says nothing where the size is given.</summary>
    public static IEnumerable<RecipeSetting> Differences(Recipe recipe, Recipe other) => RecipeSetting.All.Where(setting =>
        !setting.ValuesIn(recipe).SequenceEqual(setting.ValuesIn(other))
        && !(setting.Name == nameof(Recipe.UsualSide) && recipe.Size is not null));
}
