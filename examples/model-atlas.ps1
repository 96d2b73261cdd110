<#
.SYNOPSIS
    Makes an atlas of a model: pages of its layers and filters, with pictures and figures, for any browser.

.DESCRIPTION
    A second run with other layers or filters adds to the atlas.

.EXAMPLE
    ./examples/model-atlas.ps1

.EXAMPLE
    ./examples/model-atlas.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer 'inception_4?/3x3' -Filter (0..31) -Photos photos -Destination atlas
#>
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

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$options = if ($Preprocessing) { @{ Preprocessing = $Preprocessing } } else { @{} }
$network = Import-CnnModel $Model @options
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
} | Export-FilterAtlas -Path $Destination -PassThru | ForEach-Object { "Open $($_.FullName)" }

$network.Dispose()
