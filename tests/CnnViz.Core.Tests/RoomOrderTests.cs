using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using CnnViz.Ascent;
using CnnViz.Kernels;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;
using Type = System.Type;

namespace CnnViz.Tests;

/// <summary>
/// The order of the engine's rooms, which are its namespaces: Showing → Quality, Plans → Activations, Ascent → Pictures, Export → Import → Catalogue →
/// Networks → Kernels.
/// </summary>
public sealed class RoomOrderTests
{
    private const string Root = "CnnViz";

    // From the ground up: each room, and the rooms that it may know.
    private static readonly (string Room, string[] Known)[] s_rooms =
    [
        ("Kernels", []),
        ("Runtimes", []),
        ("Networks", ["Kernels"]),
        ("Catalogue", ["Networks"]),
        ("Import", ["Catalogue", "Networks", "Runtimes", "Kernels"]),
        ("Export", ["Import", "Networks"]),
        ("Pictures", ["Networks"]),
        ("Ascent", ["Pictures", "Networks", "Kernels", "Runtimes"]),
        ("Plans", ["Ascent", "Pictures", "Networks", "Runtimes"]),
        ("Activations", ["Pictures", "Networks"]),
        ("Quality", ["Activations", "Ascent", "Pictures", "Networks", "Runtimes"]),
        ("Showing", ["Quality", "Plans", "Activations", "Ascent", "Pictures", "Networks"]),
    ];

    private static readonly Assembly s_engine = typeof(FilterImage).Assembly;

    private static readonly Assembly s_kernels = typeof(KernelPlan).Assembly;

    private static readonly Architecture s_architecture = new ArchLoader().LoadAssemblies(s_engine, s_kernels).Build();

    public static TheoryData<string> Rooms => [.. s_rooms.Select(room => room.Room)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_that_it_may_know(string name)
    {
        string[] known = s_rooms.Single(room => room.Room == name).Known;
        string[] forbidden = [.. s_rooms.Select(room => room.Room).Where(room => room != name && !known.Contains(room))];

        Types().That().Are(In(name)).Should().NotDependOnAny(In(forbidden)).WithoutRequiringPositiveResults().Check(s_architecture);
    }

    [Fact]
    public void The_order_has_no_circles()
    {
        string[] order = [.. s_rooms.Select(room => room.Room)];

        Assert.All(s_rooms, room => Assert.All(room.Known, known => Assert.True(Array.IndexOf(order, known) < Array.IndexOf(order, room.Room))));
    }

    [Fact]
    public void Kernels_know_nothing_but_the_framework() =>
        Assert.All(s_kernels.GetReferencedAssemblies(), assembly => Assert.StartsWith("System", assembly.Name));

    [Fact]
    public void Pictures_is_the_one_room_that_knows_the_picture_library()
    {
        string[] others = [.. s_rooms.Select(room => room.Room).Where(room => room != "Pictures")];

        Types().That().Are(In(others)).Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching("^SixLabors").Check(s_architecture);
    }

    [Fact]
    public void Every_type_lives_in_a_room_or_on_the_ground()
    {
        string[] spaces = [.. s_engine.GetTypes().Select(type => type.Namespace).OfType<string>().Where(space => space.StartsWith($"{Root}.")).Distinct()];

        Assert.All(spaces, space => Assert.Contains(space.Split('.')[1], s_rooms.Select(room => room.Room)));
    }

    [Fact]
    public void What_all_rooms_stand_on_knows_none_of_them() =>
        Types().That().ResideInNamespace(Root).Should().NotDependOnAny(In([.. s_rooms.Select(room => room.Room)])).Check(s_architecture);

    [Fact]
    public void Public_members_have_types_of_the_engine_and_of_the_framework_only()
    {
        string[] strangers =
        [
            .. s_engine.GetExportedTypes()
                .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(member => TypesOf(member).Any(IsStrange))
                .Select(member => $"{member.DeclaringType!.Name}.{member.Name}")
                .Distinct(),
        ];

        // The one place where tensors are handed out.
        Assert.Equal([$"{nameof(FilterImage)}.{nameof(FilterImage.GetTensor)}", $"{nameof(FilterImage)}.{nameof(FilterImage.GetTransparency)}"], strangers);
    }

    private static GivenTypesConjunctionWithDescription In(params string[] rooms) =>
        Types().That().ResideInNamespaceMatching($@"^{Root}\.({string.Join('|', rooms)})($|\.)").As(string.Join(", ", rooms));

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        PropertyInfo property => [property.PropertyType],
        FieldInfo field => [field.FieldType],
        MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType)],
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        _ => [],
    };

    private static bool IsStrange(Type type) =>
        type.HasElementType ? IsStrange(type.GetElementType()!)
        : type.IsGenericType && type.GetGenericArguments().Any(IsStrange) || (
            !type.IsGenericParameter && type.Assembly != s_engine && !type.Assembly.GetName().Name!.StartsWith("System"));
}
