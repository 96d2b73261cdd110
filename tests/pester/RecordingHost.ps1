# A host with a screen of its own, 80 columns wide, which keeps what is written to it. A get_ method stands for a property of the base class;
# what a screen does not need throws.
using namespace System.Management.Automation
using namespace System.Management.Automation.Host

[NoRunspaceAffinity()]
class RecordingScreen : PSHostRawUserInterface {
    [Size] get_WindowSize() { return [Size]::new(80, 24) }
    [Size] get_BufferSize() { return [Size]::new(80, 24) }
    [Size] get_MaxWindowSize() { return [Size]::new(80, 24) }
    [Size] get_MaxPhysicalWindowSize() { return [Size]::new(80, 24) }
    [Coordinates] get_WindowPosition() { return [Coordinates]::new(0, 0) }
    [Coordinates] get_CursorPosition() { return [Coordinates]::new(0, 0) }
    [ConsoleColor] get_ForegroundColor() { return [ConsoleColor]::White }
    [ConsoleColor] get_BackgroundColor() { return [ConsoleColor]::Black }
    [string] get_WindowTitle() { return '' }
    [int] get_CursorSize() { return 1 }
    [bool] get_KeyAvailable() { return $false }
    set_WindowSize([Size]$value) { throw 'no' }
    set_BufferSize([Size]$value) { throw 'no' }
    set_WindowPosition([Coordinates]$value) { throw 'no' }
    set_CursorPosition([Coordinates]$value) { throw 'no' }
    set_ForegroundColor([ConsoleColor]$value) { throw 'no' }
    set_BackgroundColor([ConsoleColor]$value) { throw 'no' }
    set_WindowTitle([string]$value) { throw 'no' }
    set_CursorSize([int]$value) { throw 'no' }
    [KeyInfo] ReadKey([ReadKeyOptions]$options) { throw 'no' }
    [BufferCell[, ]] GetBufferContents([Rectangle]$rectangle) { throw 'no' }
    FlushInputBuffer() { throw 'no' }
    SetBufferContents([Coordinates]$origin, [BufferCell[, ]]$contents) { throw 'no' }
    SetBufferContents([Rectangle]$rectangle, [BufferCell]$fill) { throw 'no' }
    ScrollBufferContents([Rectangle]$source, [Coordinates]$destination, [Rectangle]$clip, [BufferCell]$fill) { throw 'no' }
}

[NoRunspaceAffinity()]
class RecordingInterface : PSHostUserInterface {
    [Text.StringBuilder]$Written = [Text.StringBuilder]::new()
    [bool]$IsPlain
    hidden [PSHostRawUserInterface]$_screen = [RecordingScreen]::new()
    [bool] get_SupportsVirtualTerminal() { return -not $this.IsPlain }
    [PSHostRawUserInterface] get_RawUI() { return $this._screen }
    Write([string]$value) { $this.Written.Append($value) }
    Write([ConsoleColor]$foreground, [ConsoleColor]$background, [string]$value) { $this.Write($value) }
    WriteLine([string]$value) { $this.Write("$value`n") }
    WriteErrorLine([string]$value) { $this.WriteLine($value) }
    WriteDebugLine([string]$value) { $this.WriteLine($value) }
    WriteVerboseLine([string]$value) { $this.WriteLine($value) }
    WriteWarningLine([string]$value) { $this.WriteLine($value) }
    WriteProgress([long]$sourceId, [ProgressRecord]$record) { }
    [string] ReadLine() { throw 'no' }
    [securestring] ReadLineAsSecureString() { throw 'no' }
    [Collections.Generic.Dictionary[string, psobject]] Prompt([string]$caption, [string]$message, [Collections.ObjectModel.Collection[FieldDescription]]$fields) { throw 'no' }
    [int] PromptForChoice([string]$caption, [string]$message, [Collections.ObjectModel.Collection[ChoiceDescription]]$choices, [int]$default) { throw 'no' }
    [pscredential] PromptForCredential([string]$caption, [string]$message, [string]$user, [string]$target) { throw 'no' }
    [pscredential] PromptForCredential(
        [string]$caption, [string]$message, [string]$user, [string]$target, [PSCredentialTypes]$types, [PSCredentialUIOptions]$options) { throw 'no' }
}

[NoRunspaceAffinity()]
class RecordingHost : PSHost {
    hidden [RecordingInterface]$_interface = [RecordingInterface]::new()
    hidden [guid]$_id = [guid]::NewGuid()
    RecordingHost() { }
    RecordingHost([bool]$isPlain) { $this._interface.IsPlain = $isPlain }
    [string] Screen() { return $this._interface.Written.ToString() }
    [PSHostUserInterface] get_UI() { return $this._interface }
    [string] get_Name() { return 'Recording' }
    [version] get_Version() { return '1.0' }
    [guid] get_InstanceId() { return $this._id }
    [cultureinfo] get_CurrentCulture() { return [cultureinfo]::InvariantCulture }
    [cultureinfo] get_CurrentUICulture() { return [cultureinfo]::InvariantCulture }
    EnterNestedPrompt() { throw 'no' }
    ExitNestedPrompt() { throw 'no' }
    NotifyBeginApplication() { }
    NotifyEndApplication() { }
    SetShouldExit([int]$code) { }
}
