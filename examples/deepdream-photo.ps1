#Requires -Version 7.4

<#
.SYNOPSIS
    Lets a network dream of a photo: weakly, as published, and strongly.

.DESCRIPTION
    Without -Model, the built-in model dreams, which knows patterns and colours and needs no download. Networks that were trained on
    photos dream of eyes, animals and buildings.

.EXAMPLE
    ./examples/deepdream-photo.ps1 -Photo holiday.jpg

.EXAMPLE
    Get-ChildItem photos -Filter *.jpg | ./examples/deepdream-photo.ps1 -Strength 1

    Dreams of each photo of a folder.

.EXAMPLE
    ./examples/deepdream-photo.ps1 -Photo holiday.jpg -Model googlenet.onnx -Preprocessing Caffe -Layer inception_4c/output
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param(
    # A picture of the repository, if left out.
    [Parameter(ValueFromPipeline)]
    [string] $Photo = (Join-Path $PSScriptRoot .. docs images patterns maze.webp),

    [string] $Model = 'patterns',

    [string] $Preprocessing,

    # Early layers draw strokes, deep ones things.
    [string[]] $Layer = 'conv6',

    [double[]] $Strength = @(0.3, 1, 2),

    [string] $Destination = 'out/deepdream'
)

begin {
    Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

    $source = @{ Path = $Model }
    if ($Preprocessing) {
        $source.Preprocessing = $Preprocessing
    }

    $network = Import-CnnModel @source
    $layers = $network | Get-CnnLayer -Name $Layer
}

process {
    foreach ($one in $Strength) {
        $layers | Invoke-DeepDream -Path $Photo -Strength $one |
            Export-FilterImage -Path (Join-Path $Destination "{Image}_strength-$one.png") -Force -PassThru
    }
}

end {
    $network.Dispose()
}
