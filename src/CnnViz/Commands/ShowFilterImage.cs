using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Screen;
using CnnViz.Showing.Terminal;

namespace CnnViz.Commands;

/// <summary>Show-FilterImage: pictures to the terminal.</summary>
[Cmdlet(VerbsCommon.Show, "FilterImage", DefaultParameterSetName = "Image")]
[OutputType(typeof(FilterImage), ParameterSetName = ["Image"])]
[OutputType(typeof(FilterPatch), ParameterSetName = ["Patch"])]
[OutputType(typeof(FilterMap), ParameterSetName = ["Map"])]
public sealed class ShowFilterImageCommand : CnnVizCommand
{
    private HostScreen _screen = null!;
    private TerminalProtocol _protocol;
    private TerminalRow? _row;

    /// <summary>The pictures.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Image")]
    [ValidateNotNull]
    public FilterImage[] InputObject { get; set; } = [];

    /// <summary>Parts of images that fire filters.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Patch")]
    [ValidateNotNull]
    public FilterPatch[] Patch { get; set; } = [];

    /// <summary>Maps over images.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Map")]
    [ValidateNotNull]
    public FilterMap[] Map { get; set; } = [];

    /// <summary>Cells of a picture.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 1000)]
    public int Width { get; set; }

    /// <summary>How the terminal is given pictures.</summary>
    [Parameter]
    public TerminalProtocol Protocol { get; set; }

    /// <summary>Puts out what came in.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(InputObject.Length + Patch.Length + Map.Length, "NoPicture", "Import-FilterImage *.png | Show-FilterImage");
        _screen = new HostScreen(this);
        if (_screen.IsRedirected)
        {
            WriteVerbose("Output is redirected: no picture is shown.");
            return;
        }

        (_protocol, TerminalAnswer answer) = Choose();
        (int columns, int rows) = _screen.Size();
        TerminalWindow window = _protocol == TerminalProtocol.Sixel
            ? TerminalWindow.ForSixel(columns, rows, answer)
            : TerminalWindow.ForBlocks(columns, rows);
        _row = new TerminalRow(window, IsBound(nameof(Width)) ? Width : null);
        WriteVerbose($"Pictures are shown as {_protocol}, {_row.Width} of {columns} cells wide.");
    }

    private protected override void Process()
    {
        foreach (FilterImage image in InputObject)
        {
            if (image.HasSignal)
            {
                Show(image, () => RgbPicture.Of(image.Tensor), () => TerminalCaption.Of(image));
            }
            else
            {
                WriteWarning($"'{image.Objective}' is not shown: it has no picture ({image.Status}).");
                Pass(image);
            }
        }

        foreach (ActivationPicture picture in Patch.Concat<ActivationPicture>(Map))
        {
            Show(picture, () => RgbPicture.Of(picture), () => TerminalCaption.Of(picture));
        }
    }

    private protected override void End() => Draw();

    private (TerminalProtocol Protocol, TerminalAnswer Answer) Choose()
    {
        if (Protocol is TerminalProtocol.Blocks or TerminalProtocol.Sixel && _screen.RendersPlainText)
        {
            WriteWarning($"The host writes plain text only, so there is a line of text for each picture instead of {Protocol}.");
            return (TerminalProtocol.Text, TerminalAnswer.None);
        }

        if (Protocol is TerminalProtocol.Blocks or TerminalProtocol.Text || (Protocol == TerminalProtocol.Auto && _screen.IsPlain))
        {
            return (Protocol == TerminalProtocol.Auto ? TerminalProtocol.Text : Protocol, TerminalAnswer.None);
        }

        TerminalAnswer answer = _screen.Ask();
        return (Protocol == TerminalProtocol.Sixel || answer.HasSixel ? TerminalProtocol.Sixel : TerminalProtocol.Blocks, answer);
    }

    private void Show(object source, Func<RgbPicture> picture, Func<TerminalCaption> caption)
    {
        try
        {
            if (_row is not null && _protocol == TerminalProtocol.Text)
            {
                _screen.Write(TerminalCaption.Clean(source.ToString()!) + "\n");
            }
            else if (_row is not null)
            {
                _row.Add(picture(), caption());
            }
        }
        catch (ObjectDisposedException exception)
        {
            WriteError(exception.ToErrorRecord(source));
            return;
        }

        if (_row is { IsFull: true })
        {
            Draw();
        }

        Pass(source);
    }

    private void Draw()
    {
        if (_row is { Count: > 0 })
        {
            _screen.Write(_protocol == TerminalProtocol.Sixel ? _row.DrawSixel(_screen.Measure) : _row.DrawBlocks(_screen.Measure));
        }
    }

    private void Pass(object source)
    {
        if (PassThru)
        {
            WriteObject(source);
        }
    }
}
