<#
.SYNOPSIS
    Shows how what filters look for grows from layer to layer: a contact sheet of each layer, and how their ascents went.

.EXAMPLE
    ./examples/compare-layers.ps1

.EXAMPLE
    ./examples/compare-layers.ps1 -Model googlenet.onnx -Preprocessing Caffe -Layer conv2/3x3, inception_3b/3x3, inception_4c/3x3 -Filter (0..15)
#>
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

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$options = if ($Preprocessing) { @{ Preprocessing = $Preprocessing } } else { @{} }
$network = Import-CnnModel $Model @options

foreach ($name in $Layer) {
    $images = @($network | Get-CnnLayer $name | Invoke-FilterMaximization -Filter $Filter -Steps $Steps)
    $sheet = $images | Export-FilterSheet -Path "$Destination/{Layer}.png" -Force -PassThru
    $null = $images | Export-FilterPlot -Path "$Destination/$($sheet.BaseName).svg" -Force
    $raised = @($images | Where-Object HasSignal).Count
    "{0,-20} {1} of {2} filters raised; {3}" -f $name, $raised, $images.Count, $sheet.Name
    $images | ForEach-Object Dispose
}

$network.Dispose()
