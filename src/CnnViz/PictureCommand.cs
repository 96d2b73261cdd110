using System.Management.Automation;
using CnnViz.Pictures;

namespace CnnViz;

/// <summary>
/// A cmdlet that shows pictures to a network. Either the pictures or what looks at them comes through the pipeline, the other stands on the
/// command line; a folder stands for the pictures in it.
/// </summary>
public abstract class PictureCommand : PathCommand
{
    private readonly HashSet<string> _known = [];

    // What stands on the command line stays the same for every object of the pipeline.
    private HashSet<string> _given = [];
    private bool _isAsked;
    private bool _hasRun;

    /// <summary>Looks into the folders of folders too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    private protected override void Begin()
    {
        _given = [.. MyInvocation.BoundParameters.Keys];
        Gather(IsGiven);
    }

    private protected override void Process()
    {
        _hasRun = true;
        Gather(parameter => !IsGiven(parameter));
    }

    private protected override void End()
    {
        if (_hasRun && !_isAsked)
        {
            var exception = new CnnVizException(
                "NoLayer", "No layer and no filter is given.", "Give layers, as Get-CnnLayer lists them.");
            WriteError(exception.ToErrorRecord(null));
        }
    }

    /// <inheritdoc />
    protected override void ProcessFile(string path)
    {
        if (!Directory.Exists(path))
        {
            if (!File.Exists(path))
            {
                WriteError(ErrorRecords.PathNotFound(path));
                return;
            }

            Add(path);
            return;
        }

        string[] pictures = PictureFormats.FilesIn(path, Recurse);
        if (pictures.Length == 0)
        {
            throw new CnnVizException(
                "PictureNotFound", $"There is no picture in '{path}'.", Recurse ? null : "Use -Recurse to include its subfolders.");
        }

        Array.ForEach(pictures, Add);
    }

    /// <summary>Takes what looks at the pictures from parameters that are new.</summary>
    /// <param name="isNew">Whether a parameter's value has not been seen.</param>
    /// <returns>Whether there is anything so far.</returns>
    private protected abstract bool GatherTargets(Func<string, bool> isNew);

    /// <summary>Takes a picture, each file once.</summary>
    private protected abstract void AddPicture(string path);

    /// <summary>Whether a parameter stands on the command line.</summary>
    private protected bool IsGiven(string parameter) => _given.Contains(parameter);

    private void Gather(Func<string, bool> isNew)
    {
        if (isNew(ParameterSetName == nameof(LiteralPath) ? nameof(LiteralPath) : nameof(Path)))
        {
            base.Process();
        }

        _isAsked |= GatherTargets(isNew);
    }

    private void Add(string picture)
    {
        if (_known.Add(picture))
        {
            AddPicture(picture);
        }
    }
}
