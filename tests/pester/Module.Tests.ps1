BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    . $PSScriptRoot/TinyModel.ps1
    New-TinyModel -Path $TestDrive/model.onnx
}

Describe 'The module' {
    It 'has a valid manifest' {
        $manifest = Test-ModuleManifest $PSScriptRoot/../../CnnViz.psd1
        $manifest.PowerShellVersion | Should -Be '7.4'
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

Describe 'What cmdlets put out' {
    BeforeAll {
        $model = Import-CnnModel $TestDrive/model.onnx
        $layer = $model | Get-CnnLayer conv1
        $image = $layer | Invoke-FilterMaximization 0 -Steps 2 -Size 16
        $image | Export-FilterImage $TestDrive/one.png
        $objects = @{
            CnnModel           = $model
            CnnLayer           = $layer
            CnnFilter          = $layer | Get-CnnFilter 0
            FilterObjective    = $layer | New-CnnObjective -Filter 0
            FilterImage        = $image
            FilterImageQuality = $image | Measure-FilterImage
            FilterActivation   = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0
            FilterPatch        = $layer | Measure-CnnActivation $TestDrive/one.png -Filter 0 -Top 1
            PublishedModel     = Find-CnnModel squeezenet1_1
        }
    }

    It '<_> is a table of a line, a list, and a text' -ForEach @(
        'CnnModel', 'CnnLayer', 'CnnFilter', 'FilterObjective', 'FilterImage', 'FilterImageQuality', 'FilterActivation', 'FilterPatch', 'PublishedModel'
    ) {
        $object = $objects[$_]
        $object.GetType().Name | Should -Be $_
        ($object | Format-Table | Out-String -Width 150).Trim() -split '\n' | Should -HaveCount 3
        @(($object | Format-List | Out-String -Width 150).Trim() -split '\n').Count | Should -BeGreaterThan 2
        "$object" | Should -Not -Match '^CnnViz\.'
        ($object | Out-String -Width 150).Trim() | Should -Be ($object | Format-Table | Out-String -Width 150).Trim()
    }

    It '<_> never spills what is in it' -ForEach @(
        'CnnModel', 'CnnLayer', 'CnnFilter', 'FilterObjective', 'FilterImage', 'FilterImageQuality', 'FilterActivation', 'FilterPatch', 'PublishedModel'
    ) {
        $object = $objects[$_]
        foreach ($view in @(($object | Format-List *), ($object | Format-Custom), ([pscustomobject]@{ Many = @($object, $object) } | Format-List))) {
            ($view | Out-String -Width 150).Length | Should -BeLessThan 4000
        }
    }

    It '<_> leaves the process as plain data' -ForEach @(
        'CnnModel', 'CnnLayer', 'CnnFilter', 'FilterObjective', 'FilterImage', 'FilterImageQuality', 'FilterActivation', 'FilterPatch', 'PublishedModel'
    ) {
        $text = [Management.Automation.PSSerializer]::Serialize($objects[$_])
        $text.Length | Should -BeLessThan 20000
        $text | Should -Not -Match 'TorchSharp'
        "$([Management.Automation.PSSerializer]::Deserialize($text))" | Should -Be "$($objects[$_])"
    }
}
