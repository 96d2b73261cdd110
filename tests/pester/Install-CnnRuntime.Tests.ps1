# How libtorch is installed for a package of the module is in Package.Tests.ps1; this module was built in its repository and has it.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
}

Describe 'Install-CnnRuntime' {
    It 'does nothing where libtorch lies beside the module' {
        $said = Install-CnnRuntime -PassThru -Verbose 4>&1
        $said | Should -HaveCount 1
        $said.Message | Should -BeLike '*libtorch beside it*'
    }

    It 'asks for nothing where libtorch is there' {
        $shown = pwsh -NoProfile -NonInteractive -Command "Import-Module '$PSScriptRoot/../../CnnViz.psd1'; (Import-CnnModel patterns).Name"
        $shown | Should -Be 'patterns'
    }
}
