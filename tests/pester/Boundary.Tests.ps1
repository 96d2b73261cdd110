# What every cmdlet makes of input that cannot work: one error that a user can read, and nothing of what libraries say among themselves.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    $common = [Management.Automation.PSCmdlet]::CommonParameters
    $parameters = foreach ($cmdlet in (Get-Module CnnViz).ExportedCmdlets.Values) {
        foreach ($parameter in $cmdlet.Parameters.Values.Where{ $_.Name -notin $common -and $_.ParameterType -ne [switch] }) {
            @{ Cmdlet = $cmdlet.Name; Parameter = $parameter.Name; Type = $parameter.ParameterType }
        }
    }
    $cmdlets = (Get-Module CnnViz).ExportedCmdlets.Values | ForEach-Object { @{ Cmdlet = $_.Name } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    . $PSScriptRoot/Failures.ps1
    Push-Location $TestDrive
    New-TinyModel model.onnx -WithFaults
    $model = Import-CnnModel model.onnx
    $layer = $model | Get-CnnLayer conv1
    $image = $layer | Invoke-FilterMaximization 0 -Steps 2 -Size 16 -SnapshotEvery 1
    $image | Export-FilterImage picture.png
    $null = $layer | New-FilterPlan plan.json -Filter 0 -Steps 1 -Size 16
    $null = Invoke-FilterPlan plan.json planned
    [IO.File]::WriteAllBytes("$TestDrive/damaged.png", [IO.File]::ReadAllBytes("$TestDrive/picture.png")[0..200])
    foreach ($name in 'damaged.onnx', 'damaged.h5', 'damaged.pt', 'damaged.safetensors', 'damaged.keras') {
        [IO.File]::WriteAllBytes("$TestDrive/$name", [IO.File]::ReadAllBytes("$TestDrive/model.onnx")[7..300])
    }

    $goneModel = Import-CnnModel model.onnx
    $goneLayer = $goneModel | Get-CnnLayer conv1
    $goneFilter = $goneLayer | Get-CnnFilter 0
    $goneModel.Dispose()
    $gone = $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16 -SnapshotEvery 1
    $gone.Dispose()

    # Calls that work, by the names of their parameters.
    $calls = @{
        'Import-CnnModel'            = @{ Path = 'model.onnx' }
        'Import-FilterImage'         = @{ Path = 'picture.png' }
        'Import-TorchSharp'          = @{}
        'Find-CnnModel'              = @{ Name = 'squeezenet*' }
        'Save-CnnModel'              = @{ Name = 'squeezenet1_1'; WhatIf = $true }
        'Export-CnnModel'            = @{ Model = $model; Path = 'out.onnx'; Force = $true }
        'Install-CnnRuntime'         = @{ WhatIf = $true }
        'Uninstall-CnnRuntime'       = @{ WhatIf = $true }
        'Get-CnnLayer'               = @{ Model = $model }
        'Get-CnnFilter'              = @{ Layer = $layer }
        'Invoke-FilterMaximization'  = @{ Layer = $layer; Filter = 0; Steps = 1; Size = 16 }
        'Invoke-FilterInterpolation' = @{ Layer = $layer; Filter = 0, 1; Count = 3; Steps = 1; Size = 16 }
        'Invoke-ActivationGrid'      = @{ Path = 'picture.png'; Layer = $layer; Columns = 1; TileSize = 16; Steps = 1 }
        'Invoke-ClassMaximization'   = @{ Class = '1'; Model = $model; Steps = 1; Size = 32 }
        'Invoke-DeepDream'           = @{ Path = 'picture.png'; Objective = $layer; Steps = 1; Octaves = 1 }
        'Measure-CnnActivation'      = @{ Path = 'picture.png'; Layer = $layer }
        'Measure-CnnAttribution'     = @{ Path = 'picture.png'; Class = '1'; Model = $model }
        'Measure-CnnFilter'          = @{ Path = 'picture.png'; Layer = $layer }
        'Measure-CnnPreprocessing'   = @{ Path = 'picture.png'; Model = $model }
        'Measure-FilterImage'        = @{ InputObject = $image; Model = $model }
        'New-CnnObjective'           = @{ Layer = $layer; Filter = 0 }
        'New-FilterPlan'             = @{ Layer = $layer; Filter = 0; Steps = 1; Size = 16; Path = 'new.json'; Force = $true }
        'Invoke-FilterPlan'          = @{ Plan = 'plan.json'; Path = 'planned' }
        'Get-FilterPlan'             = @{ Path = 'planned' }
        'New-CnnRecipe'              = @{ From = 'Robust' }
        'Export-FilterImage'         = @{ InputObject = $image; Path = 'out/x.png'; Force = $true }
        'Export-FilterSheet'         = @{ InputObject = $image; Path = 'out/sheet.png'; Force = $true }
        'Export-FilterPlot'          = @{ InputObject = $image; Path = 'out/plot.svg'; Force = $true }
        'Export-FilterAnimation'     = @{ InputObject = $image; Path = 'out/x.gif'; Force = $true }
        'Export-FilterAtlas'         = @{ InputObject = $image; Path = 'out/atlas'; Force = $true }
        'Show-FilterImage'           = @{ InputObject = $image; Protocol = 'Text' }
    }

    # Values of a parameter's type that make no sense for most.
    function Get-OddValue([type] $Type) {
        $element = $Type.IsArray ? $Type.GetElementType() : ([Nullable]::GetUnderlyingType($Type) ?? $Type)
        if ($element -in [int], [long]) {
            0
            if ($Type.IsArray) { , (1, 2, 3); , (1, 4096) }
        }
        elseif ($element -in [double], [float]) {
            [double]::NaN
            if ($Type.IsArray) { , (1, 2, 3) }
        }
        elseif ($element -eq [string]) {
            "nul$([char]0)l", 'nodrive:/x', '['
        }
        else {
            'nonsense', $goneLayer
        }
    }

    # An error is fit to be read if it has an id and a category of its own, and its text is no library's.
    function Assert-Readable([Management.Automation.ErrorRecord] $Failure, [string] $Call) {
        $because = "$Call wrote: $Failure"
        $id = $Failure.FullyQualifiedErrorId -replace ',.*'
        $id | Should -Not -BeIn LibtorchFailed, UnexpectedFailure, NotSpecified -Because $because
        if ($id -ne 'ObjectDisposedException') {
            $id | Should -Not -Match 'Exception$' -Because $because
        }

        $Failure.CategoryInfo.Category | Should -Not -Be NotSpecified -Because $because
        "$Failure" | Should -Not -Match '\.cpp|at::|c10|Exception raised|   at |TorchSharp\.|SixLabors|Google\.Protobuf|PureHDF|Object reference' -Because $because
    }
}

AfterAll {
    Pop-Location
}

Describe 'The boundary' {
    It 'is tried with a call of <Cmdlet> that works' -ForEach $cmdlets {
        $calls.Keys | Should -Contain $Cmdlet
        $arguments = $calls[$Cmdlet]
        Get-Failure { & $Cmdlet @arguments 3>$null | Out-Null } | Should -BeNullOrEmpty
    }

    It 'is <Cmdlet> -<Parameter> with odd values' -ForEach $parameters {
        foreach ($value in Get-OddValue $Type) {
            $arguments = $calls[$Cmdlet].Clone()
            $arguments[$Parameter] = $value
            foreach ($failure in Get-Failure { & $Cmdlet @arguments 3>$null | Out-Null }) {
                Assert-Readable $failure "$Cmdlet -$Parameter '$value'"
            }
        }
    }

    It 'makes an error of <What>' -ForEach @(
        @{ What = 'a damaged model'; Id = 'Model|Onnx|Format|Weights|Keras|Hdf5|Pickle|Checkpoint|Safetensors|Foreign|File'; Call = { Import-CnnModel damaged.* } }
        @{ What = 'a layer of a disposed model'; Id = 'ModelDisposed'; Call = { $goneLayer | Invoke-FilterMaximization 0 } }
        @{ What = 'a filter of a disposed model'; Id = 'ModelDisposed'; Call = { $goneFilter | Invoke-FilterMaximization } }
        @{ What = 'a disposed model in a dream'; Id = 'ModelDisposed'; Call = { $goneLayer | Invoke-DeepDream picture.png } }
        @{ What = 'a disposed model at work on a picture'; Id = 'ModelDisposed'; Call = { $goneLayer | Measure-CnnActivation picture.png } }
        @{ What = 'classes of a disposed model'; Id = 'ModelDisposed'; Call = { $goneModel | Invoke-ClassMaximization 1 } }
        @{ What = 'a disposed model to be written'; Id = 'ModelDisposed'; Call = { $goneModel | Export-CnnModel gone.onnx } }
        @{ What = 'a disposed picture in a file'; Id = 'ObjectDisposedException'; Call = { $gone | Export-FilterImage gone.png } }
        @{ What = 'a disposed picture on a sheet'; Id = 'ObjectDisposedException'; Call = { $gone | Export-FilterSheet gone } }
        @{ What = 'a disposed picture in an animation'; Id = 'ObjectDisposedException'; Call = { $gone | Export-FilterAnimation gone.gif } }
        @{ What = 'a disposed picture in an atlas'; Id = 'ObjectDisposedException'; Call = { $gone | Export-FilterAtlas goneatlas } }
        @{ What = 'a disposed picture to be measured'; Id = 'ObjectDisposedException'; Call = { $gone | Measure-FilterImage -Model $model } }
        @{ What = 'a size that is none'; Id = 'RecipeValueOutOfRange'; Call = { $model | Get-CnnLayer classifier | Invoke-FilterMaximization 0 -Recipe @{ From = 'Robust'; BorderPixels = 0 } -Size 0 } }
        @{ What = 'a picture that is none'; Id = 'PictureUnreadable'; Call = { $layer | Measure-CnnActivation damaged.png } }
    ) {
        $failures = @(Get-Failure { & $Call 3>$null | Out-Null })
        $failures.Count | Should -BeGreaterThan 0
        $failures.ForEach{ $_.FullyQualifiedErrorId -replace ',.*' } | Should -Match $Id
        foreach ($failure in $failures) {
            Assert-Readable $failure $What
        }
    }

    It 'goes on with the next object' {
        $good = $goneLayer, $layer, $goneLayer, $layer | Invoke-FilterMaximization 0 -Steps 1 -Size 16 -ErrorAction SilentlyContinue -ErrorVariable failures
        $good.Count | Should -Be 2
        $failures.Count | Should -Be 2
        (Get-ChildItem damaged.png, picture.png | Measure-CnnActivation -Layer $layer -Filter 0 -ErrorAction SilentlyContinue).Count | Should -Be 1
    }
}
