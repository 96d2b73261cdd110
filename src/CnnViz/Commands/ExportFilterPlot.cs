using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Quality;
using CnnViz.Showing.Plots;

namespace CnnViz.Commands;

/// <summary>Export-FilterPlot: the activation at each step, or the likeness to natural images at each layer on the way, as a plot.</summary>
[Cmdlet(VerbsData.Export, "FilterPlot", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFilterPlotCommand : CnnVizCommand
{
    private readonly List<AscentCurve> _curves = [];
    private readonly List<FilterImageQuality> _measured = [];
    private string _path = string.Empty;
    private bool _isWanted;

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string Path { get; set; } = string.Empty;

    /// <summary>The pictures.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public FilterImage[] InputObject { get; set; } = [];

    /// <summary>Measured pictures, for the plot of the way to their filters.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public FilterImageQuality[] Measurement { get; set; } = [];

    /// <summary>What stands above the plot.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Title { get; set; }

    /// <summary>Width in pixels.</summary>
    [Parameter]
    [ValidateRange(200, 8000)]
    public int Width { get; set; } = new PlotOptions().Width;

    /// <summary>Height in pixels.</summary>
    [Parameter]
    [ValidateRange(150, 8000)]
    public int Height { get; set; } = new PlotOptions().Height;

    /// <summary>Keeps a file that is there already as it would be written.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(InputObject.Length + Measurement.Length, "NoPicture", "Import-FilterImage *.png | Export-FilterPlot curves.svg");
        _path = this.ResolveOutput(Path);
        if (System.IO.Path.EndsInDirectorySeparator(_path) || Directory.Exists(_path))
        {
            _path = System.IO.Path.Combine(_path, "ascents.svg");
        }

        _path = System.IO.Path.HasExtension(_path) ? _path : _path + ".svg";
        try
        {
            AscentPlot.FormatOf(_path);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            ThrowTerminatingError(exception.ToErrorRecord(Path));
        }

        // Before the pictures are made, not when all are there.
        _isWanted = ShouldProcess(_path, "Export plot");
        if (_isWanted && File.Exists(_path) && !Force && !SkipExisting)
        {
            ThrowTerminatingError(ErrorRecords.FileExists(_path));
        }
    }

    // From the pipeline, one of them comes; the other keeps what it was given before.
    private protected override void Process()
    {
        if (_curves.Count > 0 && Measurement.Length > 0 || _measured.Count > 0 && InputObject.Length > 0)
        {
            var exception = new CnnVizException("PlotMixed", "Pictures and figures of pictures are not in one plot.", "Plot them in two files.");
            ThrowTerminatingError(exception.ToErrorRecord(null));
        }

        _curves.AddRange(InputObject.Select(AscentCurve.Of));
        _measured.AddRange(Measurement);
    }

    private protected override void End()
    {
        if (!_isWanted || _curves.Count + _measured.Count == 0)
        {
            return;
        }

        string? title = IsBound(nameof(Title)) ? Title ?? string.Empty : null;
        var options = new PlotOptions { Title = title, Width = Width, Height = Height };
        bool isThere = SkipExisting && this.IsThere(_path, PassThru, stop => Plot().IsIn(_path, stop));
        if (!isThere && this.IsFree(_path, Force))
        {
            this.WriteFile(_path, PassThru, stop => Plot().Write(_path, stop));
        }

        AscentPlot Plot() => _measured.Count > 0 ? AscentPlot.OfPaths(_measured, options) : new AscentPlot(_curves, options);
    }
}
