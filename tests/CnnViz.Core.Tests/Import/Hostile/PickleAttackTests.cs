using CnnViz.Tests.Import.TorchScript;
using CnnViz.Tests.Import.Weights;

namespace CnnViz.Tests.Import.Hostile;

/// <summary>Pickles that hold themselves, or describe far more than they have bytes.</summary>
public sealed class PickleAttackTests : HostileFileTest
{
    // Two of the value before in each, as often as there are names of bytes.
    private const int Doublings = 60;

    public static TheoryData<string, byte[]> Attacks => new()
    {
        { "a list in itself", Inner(pickle => pickle.Op(']').Op('q').Raw(1).Op('h').Raw(1).Op('a')) },
        { "a dictionary in itself", Inner(pickle => pickle.Op('}').Op('q').Raw(1).Text("state_dict").Op('h').Raw(1).Op('s')) },
        { "a tuple in itself", Inner(pickle => pickle.Op(']').Op('q').Raw(1).Op('h').Raw(1).Raw(0x85).Op('a')) },
        { "tuples of twice the same", Inner(pickle => Doubled(pickle.Op(')'), writer => writer.Raw(0x86))) },
        { "lists of twice the same", Inner(pickle => Doubled(pickle.Op(']'), writer => writer.Raw(0x86).Op(']').Op('2').Op('0').Op('0'))) },
        { "dictionaries of twice the same", Inner(pickle => Nested(pickle)) },
        { "modules of twice the same", Modules() },
        { "deep tuples", Inner(pickle => Repeat(pickle.Op(')'), 200_000, writer => writer.Raw(0x85))) },
        { "deep lists", Inner(pickle => Repeat(Repeat(pickle, 100_000, writer => writer.Op(']')), 99_999, writer => writer.Op('a'))) },
        { "a tuple of ten thousand that is kept a thousand times", Inner(Wide) },
        { "a number of a megabyte", Inner(pickle => pickle.Raw(0x8b).Raw(BitConverter.GetBytes(1 << 20)).Raw(new byte[1 << 20])) },
        { "text that says it is 2 GB", Inner(pickle => pickle.Op('X').Raw(0xFF, 0xFF, 0xFF, 0x7F)) },
        { "bytes that say they are 8 EB", Inner(pickle => pickle.Raw(0x8e).Raw(BitConverter.GetBytes(long.MaxValue))) },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_checkpoint_that_attacks_ends_soon(string kind, byte[] pickle)
    {
        byte[] weights = WeightFiles.Floats(2);
        _ = kind;
        Import("attack.pth", WeightFiles.Legacy(pickle, ("0", 2, weights)));
        Import("attack.pth", WeightFiles.Zip(pickle, ("0", weights)));
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_program_with_such_an_attribute_ends_soon(string kind, byte[] pickle)
    {
        _ = kind;
        // The attributes of a module that has a convolution, so that its text is followed.
        const string code = """
            class Net(Module):
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                a = self.attack
                b = torch.conv2d(x, self.weight, None, [1, 1], [1, 1], [1, 1], 1)
                c = torch.eq(a, a)
                return b
            """;
        byte[] inner = pickle[2..^1];
        byte[] file = ScriptFile.Write(code, new ScriptFile.Module("Net", ("weight", new ScriptFile.Weight([2, 3, 3, 3])), ("attack", 7L)), Put);
        Import("attack.pt", file);

        // In the place of the number 7.
        byte[] Put(byte[] whole)
        {
            byte[] seven = new PickleWriter().Number(7).Stop()[2..^1];
            int place = whole.AsSpan().IndexOf(seven);
            return [.. whole[..place], .. inner, .. whole[(place + seven.Length)..]];
        }
    }

    private static byte[] Inner(Func<PickleWriter, PickleWriter> attack) => attack(new PickleWriter()).Stop();

    private static PickleWriter Repeat(PickleWriter pickle, int times, Func<PickleWriter, PickleWriter> step)
    {
        for (int i = 0; i < times; i++)
        {
            step(pickle);
        }

        return pickle;
    }

    private static PickleWriter Doubled(PickleWriter pickle, Func<PickleWriter, PickleWriter> pair) =>
        Repeat(pickle, Doublings, writer => pair(writer.Op('2')));

    private static PickleWriter Nested(PickleWriter pickle)
    {
        pickle.Op('}');
        for (byte i = 0; i < Doublings; i++)
        {
            pickle.Op('q').Raw(i).Op('0').Op('}').Text("state_dict").Op('h').Raw(i).Op('s').Text("model").Op('h').Raw(i).Op('s');
        }

        return pickle;
    }

    private static PickleWriter Wide(PickleWriter pickle)
    {
        pickle.Op(']').Op('q').Raw(1).Op('(');
        Repeat(pickle, 10_000, writer => writer.Op('N'));
        pickle.Op('e').Op('0').Op(']').Op('(');
        Repeat(pickle, 1_000, writer => writer.Op('h').Raw(1));
        return pickle.Op('e');
    }

    // torch.nn modules, each with the one before it as both of its children.
    private static byte[] Modules()
    {
        var pickle = new PickleWriter();
        pickle.Op('N');
        for (byte i = 0; i < Doublings; i++)
        {
            pickle.Op('q').Raw(i).Op('0').Global("torch.nn.modules.container", "Sequential").Op(')').Raw(0x81).Op('}')
                .Text("_modules").Op('}').Text("a").Op('h').Raw(i).Op('s').Text("b").Op('h').Raw(i).Op('s').Op('s').Op('b');
        }

        return pickle.Stop();
    }
}
