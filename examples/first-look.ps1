#Requires -Version 7.4

<#
.SYNOPSIS
    Shows what the filters of the built-in model look for: edges and colours first, whole patterns last.

.DESCRIPTION
    Writes a picture of every filter of the first layer (behind its rectifier: a linear layer alone asks for one colour), of some
    filters of each deeper layer, and of every class. A contact sheet has them all. A terminal shows some of them at once.

.EXAMPLE
    ./examples/first-look.ps1

.EXAMPLE
    ./examples/first-look.ps1 -Destination pictures -Seed 1 | Invoke-Item

    Opens the contact sheet.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [string] $Destination = 'out/first-look',

    [long] $Seed = 0,

    # Fewer are quicker, and show less; those of the recipe, if left out.
    [int] $Steps
)

Import-Module (Join-Path $PSScriptRoot .. CnnViz.psd1)

$numbers = @{ Seed = $Seed }
if ($Steps) {
    $numbers.Steps = $Steps
}

$model = Import-CnnModel patterns
$model | Out-Host
$model | Get-CnnLayer -Kind Conv2d, Linear | Out-Host

# Files are written as soon as a picture is done; the pictures are kept for the sheet.
& {
    $model | Get-CnnLayer relu1 | Invoke-FilterMaximization @numbers
    $model | Get-CnnLayer conv[2-8] | Invoke-FilterMaximization -Filter (0..7) @numbers
} | Tee-Object -Variable filters | Export-FilterImage -Path (Join-Path $Destination layers) -Force

$model | Invoke-ClassMaximization * -Size 128 -BatchSize 4 @numbers |
    Tee-Object -Variable classes |
    Export-FilterImage -Path (Join-Path $Destination classes '{ClassName}.png') -Force

# A terminal shows them; a script that writes to a file sees nothing of this.
$classes | Where-Object HasSignal | Select-Object -First 6 | Show-FilterImage -Width 24

# What nothing raises has no picture, and was reported; on the sheet its place is empty.
$raised = @($filters; $classes) | Where-Object HasSignal
Write-Host "$($raised.Count) pictures are in $(Resolve-Path $Destination). The contact sheet:"
$sheet = @{
    Path     = Join-Path $Destination contact-sheet.png
    GroupBy  = 'None'
    Force    = $true
    PassThru = $true
}
(@($filters; $classes) | Export-FilterSheet @sheet).FullName

@($filters; $classes) | ForEach-Object Dispose
$model.Dispose()
