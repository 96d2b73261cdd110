namespace CnnViz.Quality;

/// <summary>What the evidence says of a maximized picture.</summary>
public enum PictureVerdict : long
{
    /// <summary>It shows something else than natural pictures that fire the filter.</summary>
    Contradicted,

    /// <summary>The evidence is not enough, or a part of it speaks against the picture.</summary>
    Doubtful,

    /// <summary>All of the evidence says that the picture shows what the filter responds to.</summary>
    Trusted,
}
