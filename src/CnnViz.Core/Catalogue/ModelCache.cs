namespace CnnViz.Catalogue;

/// <summary>The folder where published models are kept once they have been downloaded.</summary>
public static class ModelCache
{
    /// <summary>Name of the environment variable that says which folder it is.</summary>
    public const string Variable = "CNNVIZ_CACHE";

    /// <summary>
    /// The folder: what the variable says, else CnnViz/models in the user's cache folder (<see cref="UserCache" />).
    /// </summary>
    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? Path.GetFullPath(given)
        : Path.Combine(UserCache.Folder, "models");

    /// <summary>Where the file of a model is, or will be.</summary>
    public static string PathOf(PublishedModel model) => Path.Combine(Folder, model.FileName);

    /// <summary>The path of a model's file if it is there, or null.</summary>
    public static string? Find(PublishedModel model) =>
        model.FileName.Length > 0 && PathOf(model) is var path && File.Exists(path) ? path : null;
}
