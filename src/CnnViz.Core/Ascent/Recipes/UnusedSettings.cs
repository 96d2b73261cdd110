namespace CnnViz.Ascent;

/// <summary>Settings that somebody changed, but that mean nothing because of others.</summary>
internal static class UnusedSettings
{
    /// <summary>A sentence for each of them.</summary>
    /// <param name="recipe">The recipe; what is different from the published one that it came from was changed.</param>
    public static IEnumerable<string> Of(Recipe recipe)
    {
        Recipe published = Recipe.Published.FirstOrDefault(other => other.Name == recipe.Name) ?? Recipe.Robust;
        return RecipeText.Differences(recipe, published).Select(setting => (setting.Name, Reason: Reason(setting.Name, recipe)))
            .Where(unused => unused.Reason is not null)
            .Select(unused => $"{unused.Name} of the recipe '{recipe.Name}' has no effect: {unused.Reason}.");
    }

    private static string? Reason(string setting, Recipe recipe)
    {
        ImageParameter parameter = recipe.Image.Parameter;
        return setting switch
        {
            nameof(ImageSettings.Decay) when parameter != ImageParameter.Fourier => $"ImageParameter is {parameter}, not Fourier",
            nameof(ImageSettings.Levels) when parameter != ImageParameter.Pyramid => $"ImageParameter is {parameter}, not Pyramid",
            nameof(Recipe.Spectrum) when parameter != ImageParameter.Phase => $"ImageParameter is {parameter}, not Phase",
            nameof(ImageSettings.InitialNoise) when parameter == ImageParameter.Phase => "phases start as those of white noise, however strong it is",
            nameof(ViewSettings.CropSpread) or nameof(ViewSettings.CropShift) when !recipe.Views.IsCropped => "views are no crops (Crop is 1)",
            nameof(ViewSettings.CompressionQuality) when recipe.Views.Compressed == 0 => "no view is compressed (Compressed is 0)",
            nameof(ViewSettings.Edge) when recipe.Views.IsStill => "views do not move",
            "Reference" or "ReferenceShare" when recipe.References.Likeness == 0 => "Likeness is 0",
            nameof(UpdateSettings.Momentum) when recipe.Update.Rule == UpdateRule.Ascent => "the UpdateRule is Ascent",
            _ => null,
        };
    }
}
