namespace CnnViz.Kernels.Tests;

public sealed class IndependenceTests
{
    [Fact]
    public void Kernels_need_nothing_but_dotnet() => Assert.All(
        typeof(KernelPlan).Assembly.GetReferencedAssemblies(), assembly => Assert.StartsWith("System.", assembly.Name));
}
