#Requires -Version 7.4

<#
.SYNOPSIS
    Makes an atlas of a model: pages of its layers and filters, with pictures and figures, for any browser.

.DESCRIPTION
    Puts out the file to open. A second run with other layers or filters adds to the atlas.

.EXAMPLE
    ./examples/model-atlas.ps1 | Invoke-Item

.EXAMPLE
    ./examples/model-atlas.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer 'inception_4?/3x3' -Filter (0..31) -Photos photos -Destination atlas
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param(
    [string] $Model = 'patterns',

    [string] $Preprocessing,

    [string[]] $Layer = 'conv[2-8]',

    # All, if left out.
    [int[]] $Filter = (0..7),

    [int] $Steps = 128,

    # A folder of photos; the parts of them that fire each filter most stand beside its picture.
    [string] $Photos,

    [string] $Destination = 'out/atlas'
)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$source = @{ Path = $Model }
if ($Preprocessing) {
    $source.Preprocessing = $Preprocessing
}

$network = Import-CnnModel @source
$layers = @($network | Get-CnnLayer $Layer)

& {
    # Pictures first, then what is known of them.
    $layers | Invoke-FilterMaximization -Filter $Filter -Steps $Steps | ForEach-Object {
        $_
        $_ | Measure-FilterImage -Model $network
    }

    if ($Photos) {
        $layers | Measure-CnnActivation -Path $Photos -Filter $Filter -Top 9
    }
} | Export-FilterAtlas -Path $Destination -PassThru

$network.Dispose()
