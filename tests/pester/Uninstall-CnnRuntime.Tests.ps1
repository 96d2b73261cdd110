# How an installed libtorch is removed is in Package.Tests.ps1 too.
BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1
    $cache = $env:XDG_CACHE_HOME
    $env:XDG_CACHE_HOME = "$TestDrive"
    $installed = New-Item "$TestDrive/CnnViz/runtimes/libtorch-cpu-other.1.0.0/x.so" -Force
}

AfterAll {
    $env:XDG_CACHE_HOME = $cache
}

Describe 'Uninstall-CnnRuntime' -Skip:(-not $IsLinux) {
    It 'removes nothing where nothing of this version is installed' {
        Uninstall-CnnRuntime | Should -BeNullOrEmpty
        $installed | Should -Exist
    }

    It 'removes nothing with -WhatIf' {
        Uninstall-CnnRuntime -All -WhatIf
        $installed | Should -Exist
    }

    It 'deletes what an earlier call could not delete' {
        $left = New-Item "$TestDrive/CnnViz/runtimes/.0123.removed/x.so" -Force
        $part = New-Item "$TestDrive/CnnViz/runtimes/.4567.part/x.so" -Force
        Uninstall-CnnRuntime
        $left.Directory | Should -Not -Exist
        $installed | Should -Exist
        $part | Should -Exist -Because 'another session may be at work on it'
    }

    It 'removes every version with -All, and leaves the models' {
        $model = New-Item "$TestDrive/CnnViz/models/model.onnx" -Force
        Uninstall-CnnRuntime -All
        Get-ChildItem "$TestDrive/CnnViz/runtimes" -Force | Should -BeNullOrEmpty
        $model | Should -Exist
    }
}
