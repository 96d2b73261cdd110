BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
}

Describe 'The module' {
    It 'has a valid manifest' {
        $manifest = Test-ModuleManifest $PSScriptRoot/../../CnnViz.psd1
        $manifest.PowerShellVersion | Should -Be '7.4'
        'PSEdition_Core', 'Windows', 'Linux', 'MacOS' | ForEach-Object { $_ | Should -BeIn $manifest.Tags }
        $manifest.ReleaseNotes | Should -Not -BeNullOrEmpty
    }

    It 'can be imported again' {
        Import-Module $PSScriptRoot/../../CnnViz.psd1 -Force
        Get-Command -Module CnnViz | Should -Not -BeNullOrEmpty
        { Import-CnnModel nowhere.onnx -ErrorAction Stop } | Should -Throw '*no file*'
    }

    It 'says so where the session has another copy, and leaves nothing of this one' -Skip:$IsWindows {
        $null = New-Item $TestDrive/copy/module -ItemType Directory
        Copy-Item $PSScriptRoot/../../CnnViz.psd1 $TestDrive/copy/CnnViz.psd1
        Copy-Item $PSScriptRoot/../../module/*.ps* $TestDrive/copy/module
        $null = New-Item $TestDrive/copy/module/bin -ItemType SymbolicLink -Value (Resolve-Path $PSScriptRoot/../../module/bin).Path
        $said = pwsh -NoProfile -Command "
            Import-Module '$PSScriptRoot/../../CnnViz.psd1'
            foreach (`$force in `$false, `$true) {
                try { Import-Module '$TestDrive/copy/CnnViz.psd1' -Force:`$force -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; ""`$_"" }
            }
            @(Get-Module -All).Where{ `$_.Path -like '*copy*' }.Count
            (Import-CnnModel '$TestDrive/model.onnx' | Get-CnnLayer conv1).Model.Name
            Remove-Module CnnViz
            try { Import-Module '$TestDrive/copy/CnnViz.psd1' -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }"
        $said[0, 2, 6] | Should -BeLike 'AlreadyLoaded,*'
        $said[1, 3] | Should -BeLike "CnnViz is already loaded from '*'; start a new session to use the copy in '*copy'."
        $said[4, 5] | Should -Be '0', 'model'
    }

    It 'loads libtorch with the first model, not by itself, and keeps its packages out of the session' {
        $loaded = pwsh -NoProfile -Command "
            Import-Module '$PSScriptRoot/../../CnnViz.psd1'
            function Measure-Library { @([Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object ModuleName -like '*torch_cpu*').Count }
            Measure-Library
            [bool]('TorchSharp.torch' -as [type])
            [bool]('CnnViz.Networks.CnnModel' -as [type])
            `$null = Import-CnnModel '$TestDrive/model.onnx'
            Measure-Library"
        $loaded | Should -Be '0', 'False', 'True', '1'
    }

    It 'has a type file that names no type for PowerShell to find, which it would do on any thread' {
        $file = [xml](Get-Content -Raw $PSScriptRoot/../../module/CnnViz.Types.ps1xml)
        $file.SelectNodes('//TypeConverter | //TypeAdapter | //CodeProperty | //CodeMethod | //NoteProperty[Name="TargetTypeForDeserialization"]') |
            Should -BeNullOrEmpty
        (Get-TypeData CnnViz.Ascent.FilterImage).TypeConverter.FullName | Should -Be CnnViz.FilterImageConverter
        (Get-TypeData Deserialized.CnnViz.Ascent.FilterImage).TargetTypeForDeserialization | Should -Be ([CnnViz.Ascent.FilterImage])
    }

    It 'works in another runspace of the process' {
        $manifest = (Get-Module CnnViz).Path
        $other = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $name = $other.AddScript("Import-Module '$manifest'; (Import-CnnModel '$TestDrive/model.onnx' -Preprocessing Unit).Name").Invoke()
            $other.Streams.Error | Should -BeNullOrEmpty
            $name | Should -Be 'model'
        }
        finally {
            $other.Dispose()
        }
    }

    It 'shares a model between runspaces side by side' {
        $manifest = (Get-Module CnnViz).Path
        $layer = Import-CnnModel $TestDrive/model.onnx -Preprocessing Unit | Get-CnnLayer conv1
        $filters = 0, 1, 2 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:manifest
            ($using:layer | Invoke-FilterMaximization $_ -Steps 5 -Size 16).Filter
        }
        $filters | Sort-Object | Should -Be 0, 1, 2
    }
}

BeforeDiscovery {
    $types = 'CnnModel', 'CnnLayer', 'CnnFilter', 'FilterObjective', 'WeightedSum', 'Recipe', 'FilterImage', 'FilterSnapshot', 'FilterImageQuality',
        'FilterActivation', 'FilterPatch', 'FilterMap', 'FilterStatistics', 'PreprocessingScore', 'PublishedModel'
}

Describe 'What cmdlets put out: <_>' -ForEach $types {
    BeforeAll {
        Set-Content $TestDrive/classes.txt (0..9).ForEach{ "class $_" }
        $model = Import-CnnModel $TestDrive/model.onnx -ClassName $TestDrive/classes.txt
        $layer = $model | Get-CnnLayer conv1
        $image = $layer | Invoke-FilterMaximization 0 -Steps 2 -Size 16 -SnapshotEvery 1
        $image | Export-FilterImage $TestDrive/one.png -Force

        $objects = @{
            CnnModel           = $model
            CnnLayer           = $layer
            CnnFilter          = $layer | Get-CnnFilter 0
            FilterObjective    = $layer | New-CnnObjective -Filter 0
            WeightedSum        = ($layer | New-CnnObjective -Filter 0) - ($layer | New-CnnObjective -Filter 1)
            Recipe             = New-CnnRecipe
            FilterImage        = $image
            FilterSnapshot     = $image.Snapshots[-1]
            FilterImageQuality = $image | Measure-FilterImage
            FilterActivation   = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0
            FilterPatch        = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0 -Top 1
            FilterMap          = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0 -Map
            FilterStatistics   = $layer | Measure-CnnFilter $TestDrive/one.png -Filter 0
            PreprocessingScore = $model | Measure-CnnPreprocessing $TestDrive/one.png | Select-Object -First 1
            PublishedModel     = Find-CnnModel squeezenet1_1
        }
        $object = $objects[$_]
        [xml]$format = Get-Content $PSScriptRoot/../../module/CnnViz.Format.ps1xml -Raw
        $names = $object.PSTypeNames
        $view = $format.SelectNodes('//View').Where({ $_.TableControl -and @($_.SelectNodes('.//TypeName').InnerText).Where{ $_ -in $names } }, 'First')[0]
    }

    It 'is a table of a line, a list, and a text' {
        $object.GetType().Name | Should -Be $_
        $table = ($object | Format-Table | Out-String -Width 150) -split '\n' | Where-Object { $_.Trim() -and $_ -notmatch '^ *Model: ' }
        $table | Should -HaveCount 3
        @(($object | Format-List | Out-String -Width 150).Trim() -split '\n').Count | Should -BeGreaterThan 1
        "$object" | Should -Not -Match '^CnnViz\.'
        if ($_ -ne 'Recipe') {
            ($object | Out-String -Width 150).Trim() | Should -Be ($object | Format-Table | Out-String -Width 150).Trim()
        }
    }

    It 'has columns that are properties of the same name' {
        $labels = @($view.SelectNodes('.//TableColumnHeader').Label)
        $columns = @($view.SelectNodes('.//TableColumnItem'))
        foreach ($i in 0..($labels.Count - 1)) {
            $labels[$i] | Should -BeIn $object.PSObject.Properties.Name

            # A script block may say how it is shown.
            $columns[$i].PropertyName ?? $labels[$i] | Should -Be $labels[$i]
        }

        if ($view.GroupBy) {
            $object.($view.GroupBy.PropertyName) | Should -Be $model.Name
        }
    }

    It 'sorts by each column in the order of its values, not of their text' {
        foreach ($name in $view.SelectNodes('.//TableColumnHeader').Label) {
            $value = $object.$name
            $null -eq $value -or $value -is [IComparable] -or $name -in 'Update', 'Preprocessing' | Should -BeTrue -Because "$name is sorted as text"
        }
    }

    It 'is a row of values to Export-Csv' {
        $object, $object | Export-Csv $TestDrive/objects.csv
        $rows = Import-Csv $TestDrive/objects.csv
        $rows | Should -HaveCount 2
        $cells = $rows[0].PSObject.Properties
        @($cells).Where{ $_.Value -match 'System\.|\[\]|CnnViz\.' }.Name | Should -BeNullOrEmpty
        $view.SelectNodes('.//TableColumnHeader').Label | ForEach-Object { $_ | Should -BeIn $cells.Name }
    }

    It 'is whole to ConvertTo-Json at its default depth' {
        $object | ConvertTo-Json -WarningVariable warnings | ConvertFrom-Json | Should -Not -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'never spills what is in it' {
        foreach ($view in @(($object | Format-List *), ($object | Format-Custom), ([pscustomobject]@{ Many = @($object, $object) } | Format-List))) {
            ($view | Out-String -Width 150).Length | Should -BeLessThan 4000
        }
    }

    It 'leaves the process as plain data' {
        $text = [Management.Automation.PSSerializer]::Serialize($object)
        $text.Length | Should -BeLessThan 20000
        $text | Should -Not -Match 'TorchSharp'
        "$([Management.Automation.PSSerializer]::Deserialize($text))" | Should -Be "$object"
    }
}

Describe 'The order of layers' {
    BeforeAll {
        $layers = Import-CnnModel patterns | Get-CnnLayer
    }

    It 'is that of sizes, by shape and by receptive field' {
        ($layers | Sort-Object OutputShape).OutputShape.Channels | Should -Be ($layers.Filters | Sort-Object)
        ($layers | Sort-Object ReceptiveField).ReceptiveField.Height | Should -Be ($layers.ReceptiveField.Height | Sort-Object)
        ($layers | Sort-Object ReceptiveField)[-1].ReceptiveField.IsWholeImage | Should -BeTrue
    }

    It 'is that of the network for filters by their layer' {
        $filters = $layers | Where-Object Name -In conv8, bn2, conv1 | Get-CnnFilter 0
        "$($filters | Sort-Object Layer -Descending)" | Should -Be 'conv8:0 bn2:0 conv1:0'
    }

    It 'shows the model of each table' {
        New-TinyModel -Path $TestDrive/other.onnx
        $text = (@($layers)[0], (Import-CnnModel $TestDrive/other.onnx | Get-CnnLayer conv1) | Out-String) -replace '\x1b\[[0-9;]*m'
        [regex]::Matches($text, '(?m)^ *Model: (\w+)').ForEach{ $_.Groups[1].Value } | Should -Be patterns, other
    }
}
