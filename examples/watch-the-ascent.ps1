<#
.SYNOPSIS
    Keeps frames of an ascent on the way, and writes them as an animation beside the curve of the activation.

.EXAMPLE
    ./examples/watch-the-ascent.ps1

.EXAMPLE
    ./examples/watch-the-ascent.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer inception_4c/3x3 -Filter 8, 60 -Every 2
#>
param(
    [string] $Model = 'patterns',

    [string] $Preprocessing,

    [string] $Layer = 'conv6',

    [int[]] $Filter = @(0, 1, 2, 3),

    [int] $Steps = 128,

    # A frame every so many steps.
    [int] $Every = 4,

    [string] $Destination = 'out/ascent'
)

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$options = if ($Preprocessing) { @{ Preprocessing = $Preprocessing } } else { @{} }
$network = Import-CnnModel $Model @options
$images = @($network | Get-CnnLayer $Layer | Invoke-FilterMaximization -Filter $Filter -Steps $Steps -SnapshotEvery $Every)

# At the prompt the pictures are seen at once; a job that writes to a file sees nothing of this.
$images | Show-FilterImage

$images | Export-FilterAnimation -Path $Destination -Force -PassThru | ForEach-Object { "Wrote $($_.FullName)" }
$images | Export-FilterPlot -Path "$Destination/activations.svg" -Force -PassThru | ForEach-Object { "Wrote $($_.FullName)" }
$network.Dispose()
