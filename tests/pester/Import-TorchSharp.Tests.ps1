BeforeAll {
    Import-Module $PSScriptRoot/../../CnnViz.psd1

    # What a script of a session of its own writes.
    function Invoke-Session([string] $Script) {
        $manifest = Resolve-Path $PSScriptRoot/../../CnnViz.psd1
        $folder = Resolve-Path $PSScriptRoot/../../module/bin
        pwsh -NoProfile -Command ($Script -replace '<manifest>', $manifest -replace '<bin>', $folder)
    }
}

Describe 'Import-TorchSharp' {
    It 'brings the types of TorchSharp into the session' {
        Import-TorchSharp
        [TorchSharp.torch]::ones([long[]](2, 3)).sum().item[float]() | Should -Be 6
    }

    It 'works before and after a model was imported, and again' {
        Invoke-Session '
            Import-Module <manifest>
            $null = Import-CnnModel patterns
            Import-TorchSharp
            Import-TorchSharp
            $net = [TorchSharp.torch+nn]::Sequential([TorchSharp.torch+nn]::Conv2d(1, 4, 3))
            (Import-CnnModel -Module $net -InputSize 9 -Preprocessing Unit).Layers.OutputShape.ToString()' | Should -Be '4×7×7'
    }

    It 'lets classes in C# be modules' {
        Invoke-Session '
            Import-Module <manifest>
            $torch = Import-TorchSharp -PassThru
            Add-Type -CompilerOptions /nowarn:1701 -ReferencedAssemblies $torch.Location -TypeDefinition "
                using TorchSharp;
                public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
                {
                    torch.nn.Module<torch.Tensor, torch.Tensor> conv = torch.nn.Conv2d(1, 4, 3);
                    public Net() : base(nameof(Net)) { RegisterComponents(); }
                    public override torch.Tensor forward(torch.Tensor x) { return torch.nn.functional.relu(conv.call(x)); }
                }"
            (Import-CnnModel -Module ([Net]::new()) -InputSize 9 -Preprocessing Unit).Layers.Name -join " "' | Should -Be 'conv output'
    }
}

Describe 'A TorchSharp of the session' {
    It 'is shared if its version is that of CnnViz' {
        Invoke-Session '
            Add-Type -Path <bin>/TorchSharp.dll
            Import-Module <manifest>
            $net = [TorchSharp.torch+nn]::Sequential([TorchSharp.torch+nn]::Conv2d(1, 4, 3))
            $model = Import-CnnModel -Module $net -InputSize 9 -Preprocessing Unit
            ($model | Get-CnnLayer 0 | Invoke-FilterMaximization -Filter 1 -Recipe Classic -Steps 3 -Size 9).Size' | Should -Be '9×9'
    }

    It 'stays apart if it is another, and that is said of its modules' {
        $shown = Invoke-Session '
            $name = [Reflection.AssemblyName]"TorchSharp, Version=0.101.0.0"
            $assembly = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, "Run")
            $type = $assembly.DefineDynamicModule("TorchSharp").DefineType("TorchSharp.Old", "Public, Class").CreateType()
            Import-Module <manifest>
            (Import-CnnModel patterns).Name
            Import-CnnModel -Module $type::new() -ErrorVariable failure -ErrorAction SilentlyContinue
            $failure.FullyQualifiedErrorId
            $failure.Exception.Message -match "0\.101\.0.*0\.1"'
        $shown | Should -Be 'patterns', 'TorchSharpMismatch,CnnViz.Commands.ImportCnnModelCommand', 'True'
    }

    It 'that is loaded too late is said to be so' {
        Invoke-Session '
            Import-Module <manifest>
            $null = Import-CnnModel patterns
            Add-Type -Path <bin>/TorchSharp.dll
            $net = [TorchSharp.torch+nn]::Sequential([TorchSharp.torch+nn]::ReLU())
            Import-CnnModel -Module $net -ErrorVariable failure -ErrorAction SilentlyContinue
            $failure.FullyQualifiedErrorId' | Should -BeLike 'TorchSharpMismatch,*'
    }
}
