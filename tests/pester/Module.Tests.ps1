BeforeDiscovery {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    $cmdlets = (Get-Module CnnViz).ExportedCmdlets.Values | ForEach-Object { @{ Name = $_.Name; Cmdlet = $_ } }
}

Describe 'The module' {
    It 'has a valid manifest that exports what is there' {
        $manifest = Test-ModuleManifest $PSScriptRoot/../../CnnViz.psd1
        $exported = (Import-PowerShellDataFile $PSScriptRoot/../../CnnViz.psd1).CmdletsToExport
        (Get-Module CnnViz).ExportedCmdlets.Keys | Sort-Object | Should -Be ($exported | Sort-Object)
        $manifest.PowerShellVersion | Should -Be '7.4'
    }

    It 'can be imported again' {
        Import-Module $PSScriptRoot/../../CnnViz.psd1 -Force
        Get-Command -Module CnnViz | Should -Not -BeNullOrEmpty
        { Import-CnnModel nowhere.onnx -ErrorAction Stop } | Should -Throw '*no file*'
    }

    It 'loads no libtorch by itself, and keeps its packages out of the session' {
        $loaded = pwsh -NoProfile -Command "
            Import-Module '$PSScriptRoot/../../CnnViz.psd1'
            ([Diagnostics.Process]::GetCurrentProcess().Modules | Where-Object ModuleName -like '*torch_cpu*').Count
            [bool]('TorchSharp.torch' -as [type])
            [bool]('CnnViz.Models.CnnModel' -as [type])"
        $loaded | Should -Be '0', 'False', 'True'
    }

    It '<Name> has an approved verb, a singular noun and an output type' -ForEach $cmdlets {
        $Cmdlet.Verb | Should -BeIn (Get-Verb).Verb
        $Cmdlet.Noun | Should -Not -Match 's$'
        $Cmdlet.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'every cmdlet that writes supports -WhatIf' {
        Get-Command -Module CnnViz -Verb Export | ForEach-Object { $_.Parameters.Keys | Should -Contain 'WhatIf' }
    }
}
