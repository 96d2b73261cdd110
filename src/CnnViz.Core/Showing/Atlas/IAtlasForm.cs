using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas;

/// <summary>The form in which an atlas is written: a folder, or one file.</summary>
internal interface IAtlasForm
{
    /// <summary>Full path of the page to open.</summary>
    string IndexPath { get; }

    /// <summary>Whether pages are also written while pictures still come.</summary>
    bool IsWrittenOnTheWay { get; }

    /// <summary>What is there already; null for nothing.</summary>
    /// <exception cref="CnnVizException">It is damaged, or no atlas.</exception>
    AtlasContents? Read();

    /// <summary>Keeps the file of a picture.</summary>
    /// <param name="path">Its path from the atlas's folder.</param>
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="CnnVizException">There is no room for it.</exception>
    void Save(string path, byte[] content);

    /// <summary>Gives a picture's file up; it need not exist.</summary>
    void Delete(string path);

    /// <summary>The bytes of a picture's file that was kept.</summary>
    byte[] Load(string path);

    /// <summary>Writes data and pages.</summary>
    /// <param name="contents">All that is known.</param>
    /// <param name="changes">What has changed since the last time.</param>
    /// <param name="isComplete">Whether no more pictures come, so that pages beside those that changed are written too.</param>
    /// <param name="progress">Told of every page; or null.</param>
    /// <param name="cancellation">Stops between two pages.</param>
    void Write(
        AtlasContents contents, AtlasChanges changes, bool isComplete, IProgress<AtlasProgress>? progress, CancellationToken cancellation);
}
