using CnnViz.Tests.Import.TorchScript;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>TorchScript's text that would run for ever, or fill the memory.</summary>
public sealed class ProgramAttackTests : HostileFileTest
{
    [Theory]
    [InlineData("while True:", "  pass")]
    [InlineData("for i in range(100000000):", "  for j in range(100000000):", "    pass")]
    [InlineData("a = [1, 1]", "while True:", "  a = torch.add(a, a)")]
    [InlineData("a = [1, 1]", "while True:", "  a = torch.mul(a, 64)")]
    [InlineData("a = [1, 1]", "for i in range(40):", "  a = [a, a]", "b = torch.eq(a, a)")]
    [InlineData("a = [1, 1]", "a[0] = a", "b = torch.eq(a, a)")]
    [InlineData("a = [1, 1]", "a[0] = a", "b = torch.ne(a, a)", "c = torch.tensor(a)", "d = torch.cat(a)")]
    [InlineData("a = {}", "a[\"x\"] = a", "b = torch.eq(a, a)", "return a")]
    [InlineData("a = torch.ones([1000000])", "for i in range(100):", "  a = torch.cat([a, a])")]
    [InlineData("a = [x]", "for i in range(1000):", "  a = torch.append(a, torch.ones([100, 1000, 1000]))")]
    [InlineData("a = torch.ones([9223372036854775807, 9223372036854775807])")]
    [InlineData("a = torch.ones([-1])")]
    [InlineData("a = b", "for i in range(100):", "  a = torch.cat([a, a], 1)", "return a")]
    [InlineData("a = b", "for i in range(100):", "  a = torch.cat([a, a], 2)", "return a")]
    [InlineData("a = torch.forward(self, x)", "return (self).forward(x)")]
    public void A_program_that_would_not_end_ends_soon(params string[] lines)
    {
        string code = "class Net(Module):\n  def forward(self: __torch__.Net, x: Tensor) -> Tensor:\n"
            + "    b = torch.conv2d(x, self.weight, None, [1, 1], [1, 1], [1, 1], 1)\n"
            + string.Concat(lines.Select(line => $"    {line}\n")) + "    return b";
        Import("attack.pt", ScriptFile.Write(code, new ScriptFile.Module("Net", ("weight", new ScriptFile.Weight([2, 3, 3, 3])))));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{1: ", "}")]
    [InlineData("-", "")]
    [InlineData("torch.neg(", ")")]
    [InlineData("1 if True else ", "")]
    public void Text_that_is_deeply_nested_ends_soon(string open, string close)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
        string code = "class Net(Module):\n  def forward(self: __torch__.Net, x: Tensor) -> Tensor:\n"
            + $"    a = {deep}\n    return torch.conv2d(x, self.weight, None, [1, 1], [1, 1], [1, 1], 1)";
        Import("attack.pt", ScriptFile.Write(code, new ScriptFile.Module("Net", ("weight", new ScriptFile.Weight([2, 3, 3, 3])))));
    }

    [Fact]
    public void Functions_that_call_each_other_twice_end_soon()
    {
        IEnumerable<string> methods = Enumerable.Range(0, 60).Select(i =>
            $"  def f{i}(self: __torch__.Net, x: Tensor) -> Tensor:\n    return torch.add((self).f{i + 1}(x), (self).f{i + 1}(x))\n");
        string code = "class Net(Module):\n  def forward(self: __torch__.Net, x: Tensor) -> Tensor:\n"
            + "    return torch.conv2d((self).f0(x), self.weight, None, [1, 1], [1, 1], [1, 1], 1)\n" + string.Concat(methods)
            + "  def f60(self: __torch__.Net, x: Tensor) -> Tensor:\n    return torch.relu(x)";
        Import("attack.pt", ScriptFile.Write(code, new ScriptFile.Module("Net", ("weight", new ScriptFile.Weight([2, 3, 3, 3])))));
    }
}
