<#
.SYNOPSIS
    Shows what the classes of a model look like, and how sure the ascent was of each.

.DESCRIPTION
    Writes a picture of each class, as often as -Count says, from as many seeds: what is common to them is the class, what differs is chance.
    A line for each tells its value before and after the ascent.

.EXAMPLE
    ./examples/class-gallery.ps1

.EXAMPLE
    ./examples/class-gallery.ps1 -Model googlenet.onnx -Class '*dog', goldfish -Count 2 -Destination dogs
#>
param(
    # The built-in model, or a file.
    [string] $Model = 'patterns',

    # Names, wildcards or numbers.
    [string[]] $Class = '*',

    [int] $Count = 1,

    # Twice the size that the built-in model was made for: more of each pattern is seen.
    [int] $Size = 128,

    [string] $Destination = 'out/classes'
)

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$network = Import-CnnModel $Model
$network | Invoke-ClassMaximization $Class -Count $Count -Size $Size -BatchSize 4 | ForEach-Object {
    $file = $_ | Export-FilterImage "$Destination/{Layer}_{Filter:000}_{Class}_{Seed}.png" -Force -PassThru
    '{0,-24} {1,8:0.00} -> {2,8:0.00}  {3}' -f $_.ClassName, $_.Activations[0], $_.Activation, $file.Name
    $_.Dispose()
}

$network.Dispose()
