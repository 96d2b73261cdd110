#Requires -Version 7.4

<#
.SYNOPSIS
    Shows what the classes of a model look like, and how sure the ascent was of each.

.DESCRIPTION
    Writes a picture of each class, as often as -Count says, from as many seeds: what is common to them is the class, what differs is chance.
    An object for each tells its value before and after the ascent, and the file.

.EXAMPLE
    ./examples/class-gallery.ps1

.EXAMPLE
    ./examples/class-gallery.ps1 -Model googlenet.onnx -Class '*dog', goldfish -Count 2 -Destination dogs

.EXAMPLE
    ./examples/class-gallery.ps1 | Sort-Object After -Descending | Export-Csv classes.csv

    A table of the classes, those first of which the ascent was surest.
#>
[CmdletBinding()]
[OutputType([psobject])]
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

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$network = Import-CnnModel $Model
$ascent = @{
    Class     = $Class
    Count     = $Count
    Size      = $Size
    BatchSize = 4
}
$network | Invoke-ClassMaximization @ascent | ForEach-Object {
    [pscustomobject]@{
        Class  = $_.ClassName
        Before = [Math]::Round($_.Activations[0], 2)
        After  = [Math]::Round($_.Activation, 2)
        File   = $_ | Export-FilterImage (Join-Path $Destination '{Layer}_{Filter:000}_{Class}_{Seed}.png') -Force -PassThru
    }
    $_.Dispose()
}

$network.Dispose()
