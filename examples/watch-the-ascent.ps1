#Requires -Version 7.4

<#
.SYNOPSIS
    Keeps frames of an ascent on the way, and writes them as an animation beside the curve of the activation.

.EXAMPLE
    ./examples/watch-the-ascent.ps1

.EXAMPLE
    ./examples/watch-the-ascent.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer inception_4c/3x3 -Filter 8, 60 -Every 2
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
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

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$source = @{ Path = $Model }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$network = Import-CnnModel @source
$ascent = @{
    Filter        = $Filter
    Steps         = $Steps
    SnapshotEvery = $Every
}
$images = @($network | Get-CnnLayer $Layer | Invoke-FilterMaximization @ascent)

# At the prompt the pictures are seen at once; a job that writes to a file sees nothing of this.
$images | Show-FilterImage

$images | Export-FilterAnimation -Path $Destination -Force -PassThru
$images | Export-FilterPlot -Path (Join-Path $Destination activations.svg) -Force -PassThru
$network.Dispose()
