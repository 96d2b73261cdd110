#Requires -Version 7.4

<#
.SYNOPSIS
    Shows how what filters look for grows from layer to layer: a contact sheet of each layer, and how their ascents went.

.DESCRIPTION
    Puts out an object for each layer: how many of its filters were raised, the sheet and the plot.

.EXAMPLE
    ./examples/compare-layers.ps1

.EXAMPLE
    ./examples/compare-layers.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer conv2/3x3, inception_3b/3x3, inception_4c/3x3 -Filter (0..15)
#>
[CmdletBinding()]
[OutputType([psobject])]
param(
    [string] $Model = 'patterns',

    [string] $Preprocessing,

    # From the image to the classes.
    [string[]] $Layer = @('conv2', 'conv4', 'conv6', 'conv8'),

    [int[]] $Filter = (0..7),

    # Fewer are quicker, and show less.
    [int] $Steps = 128,

    [string] $Destination = 'out/compare-layers'
)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$source = @{ Path = $Model }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$network = Import-CnnModel @source

foreach ($name in $Layer) {
    $images = @($network | Get-CnnLayer $name | Invoke-FilterMaximization -Filter $Filter -Steps $Steps)
    $sheet = $images | Export-FilterSheet -Path (Join-Path $Destination '{Layer}.png') -Force -PassThru
    [pscustomobject]@{
        Layer   = $name
        Filters = $images.Count
        Raised  = @($images | Where-Object HasSignal).Count
        Sheet   = $sheet
        Plot    = $images | Export-FilterPlot -Path (Join-Path $Destination "$($sheet.BaseName).svg") -Force -PassThru
    }
    $images | ForEach-Object Dispose
}

$network.Dispose()
