# Writes a file of each kind, again and again if asked to: what is disturbed in Faults.Tests.ps1.
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Model,
    [Parameter(Mandatory)] [string] $Folder,

    # How often; there is a line of output before each time.
    [int] $Times = 1
)

Import-Module $Manifest
$network = Import-CnnModel $Model
$layer = $network | Get-CnnLayer conv1
$images = $layer | Invoke-FilterMaximization 0, 1, 2 -Steps 2 -Size 48 -SnapshotEvery 1
foreach ($time in 1..$Times) {
    'writing'
    $errors = @(
        & {
            $images | Export-FilterImage $Folder/pictures -SkipExisting
            $images | Export-FilterSheet $Folder/sheet.png -Force
            $images | Export-FilterAnimation $Folder/moving.gif -Force
            $images | Export-FilterPlot $Folder/plot.svg -Force
            $images | Export-FilterAtlas $Folder/atlas
            $images | Export-FilterAtlas $Folder/atlas.html -Force
            $network | Export-CnnModel $Folder/model.onnx -Force
            $null = $layer | New-FilterPlan $Folder/plan.json -Filter 0, 1 -Steps 2 -Size 16 -Force
            $null = Invoke-FilterPlan $Folder/plan.json $Folder/planned
        } 2>&1
    )
    $errors.ForEach{ "error $($_.FullyQualifiedErrorId -replace ',.*')" } | Sort-Object -Unique
}

'end'
