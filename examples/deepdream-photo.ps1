<#
.SYNOPSIS
    Lets a network dream of a photo: weakly, as published, and strongly.

.DESCRIPTION
    Without -Model, the built-in model dreams, which knows patterns and colours and needs no download. Networks that were trained on
    photos dream of eyes, animals and buildings.

.EXAMPLE
    ./examples/deepdream-photo.ps1 -Photo holiday.jpg

.EXAMPLE
    ./examples/deepdream-photo.ps1 -Photo holiday.jpg -Model googlenet.onnx -Preprocessing Caffe -Layer inception_4c/output
#>
param(
    [Parameter(Mandatory)]
    [string] $Photo,

    [string] $Model = 'patterns',

    [string] $Preprocessing,

    # Early layers draw strokes, deep ones things.
    [string[]] $Layer = 'conv6',

    [double[]] $Strength = @(0.3, 1, 2),

    [string] $Destination = 'out/deepdream'
)

# The module is there already when the script runs in CnnViz.Shell.
if (-not (Get-Module CnnViz)) {
    Import-Module "$PSScriptRoot/../CnnViz.psd1"
}

$options = if ($Preprocessing) { @{ Preprocessing = $Preprocessing } } else { @{} }
$network = Import-CnnModel -Path $Model @options

foreach ($one in $Strength) {
    $network | Get-CnnLayer -Name $Layer |
        Invoke-DeepDream -Path $Photo -Strength $one |
        Export-FilterImage -Path "$Destination/{Image}_strength-$one.png" -Force -PassThru |
        ForEach-Object { "Wrote $($_.FullName)" }
}

$network.Dispose()
