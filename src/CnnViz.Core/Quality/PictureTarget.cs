using CnnViz.Networks;

namespace CnnViz.Quality;

/// <summary>Finds the filter that a picture is of.</summary>
internal static class PictureTarget
{
    /// <summary>The filter that the user names or, where he does not, the one that the picture names.</summary>
    /// <param name="facts">What the picture says.</param>
    /// <param name="picture">What to call it in an error.</param>
    /// <param name="layer">The layer that the user gives; null for the picture's own.</param>
    /// <param name="filter">The filter that the user gives; null for the picture's own.</param>
    /// <param name="models">Where to look for the picture's model, the best candidates first.</param>
    /// <exception cref="CnnVizException">The picture does not say enough, its model is not among these, or the model has no such layer
    /// or filter.</exception>
    public static CnnFilter Find(SavedFacts facts, string picture, CnnLayer? layer, int? filter, IEnumerable<CnnModel> models)
    {
        layer ??= OwnLayer(facts, picture, models);
        if (filter is null && facts.Layer != layer.Name)
        {
            throw new CnnVizException(
                "FilterNeeded", $"{picture} does not say which filter of layer '{layer.Name}' it belongs to.", "Give -Filter as well.");
        }

        return layer.GetFilter(filter ?? facts.Filter ?? -1);
    }

    private static CnnLayer OwnLayer(SavedFacts facts, string picture, IEnumerable<CnnModel> models)
    {
        if (facts.Layer is null || facts.Filter is null || facts.ModelSha256 is null)
        {
            throw new CnnVizException(
                "PictureFactsMissing", $"{picture} does not say which filter it belongs to.", "Give -Layer and -Filter.");
        }

        CnnModel[] all = [.. models];
        CnnModel[] same = [.. all.Where(model => model.Sha256 == facts.ModelSha256)];

        // One file may have been imported twice, with two kinds of preprocessing.
        CnnModel? found = same.FirstOrDefault(model => model.Preprocessing.ToString() == facts.Preprocessing) ?? same.FirstOrDefault();
        string others = all.Length == 0
            ? "and no model has been imported"
            : $"not with {string.Join(" or ", all.Select(model => $"'{model.Name}'"))}";
        return found?.GetLayer(facts.Layer) ?? throw new CnnVizException(
            "PictureModelNotFound",
            $"{picture} was made with the model '{facts.Model}' of SHA-256 {facts.ModelSha256[..Math.Min(12, facts.ModelSha256.Length)]}…, "
            + $"{others}.",
            "Import that model with Import-CnnModel first, or give -Layer to measure with another.");
    }
}
