using System.Management.Automation;

namespace CnnViz;

/// <summary>A cmdlet that measures what a network makes of pictures, batch by batch.</summary>
public abstract class PictureMeasurementCommand : PictureCommand
{
    private readonly List<string> _pictures = [];

    /// <summary>Pictures and folders of pictures, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>How many pictures run at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int BatchSize { get; set; } = 8;

    /// <summary>Full paths of the pictures so far.</summary>
    private protected IReadOnlyList<string> Pictures => _pictures;

    private protected override void AddPicture(string path) => _pictures.Add(path);
}
