using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sailfish.Media.Amf;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Media.Amf;

/// <summary>A value to be written; its text is what <see cref="AmfText"/> makes of its bytes.</summary>
internal sealed record AmfNode(AmfKind Kind, double Number, string Text, IReadOnlyList<(string Name, AmfNode Value)> Children)
{
    private static readonly Gen<double> AnyNumber = Gen.OneOf(
        Gen.Elements(0, -0.0, 1, double.NaN, double.PositiveInfinity, double.MaxValue, double.Epsilon),
        Gen.Choose(int.MinValue, int.MaxValue).Select(value => value / 7.0));

    private static readonly AmfKind[] Scalars = [AmfKind.Number, AmfKind.Boolean, AmfKind.String, AmfKind.Null, AmfKind.Undefined, AmfKind.Date];

    private static readonly AmfKind[] All = Enum.GetValues<AmfKind>();

    /// <summary>Values in each other to a depth of <paramref name="depth"/>.</summary>
    public static Gen<AmfNode> Any(int depth) =>
        from kind in Gen.Elements(depth > 0 ? All : Scalars)
        from number in AnyNumber
        from text in Texts.Any.Generator
        from children in IsScalar(kind) ? Gen.Constant(new List<(string, AmfNode)>()) : AnyChildren(depth - 1)
        select new AmfNode(kind, number, text, children);

    public void WriteTo(IBufferWriter<byte> output)
    {
        var writer = new Amf0Writer(output);
        switch (Kind)
        {
            case AmfKind.Number:
                writer.WriteNumber(Number);
                break;
            case AmfKind.Boolean:
                writer.WriteBoolean(Number > 0);
                break;
            case AmfKind.String:
                writer.WriteString(Text);
                break;
            case AmfKind.Null:
                writer.WriteNull();
                break;
            case AmfKind.Undefined:
                writer.WriteUndefined();
                break;
            case AmfKind.Date:
                writer.WriteDate(Number);
                break;
            case AmfKind.StrictArray:
                writer.WriteStrictArrayStart(Children.Count);
                foreach (var (_, value) in Children)
                    value.WriteTo(output);
                break;
            default:
                WriteNames(writer, output);
                break;
        }
    }

    public override string ToString() => Kind switch
    {
        AmfKind.Number => AmfText.Of(Number),
        AmfKind.Boolean => Number > 0 ? "true" : "false",
        AmfKind.String => $"\"{Text}\"",
        AmfKind.Null => "null",
        AmfKind.Undefined => "undefined",
        AmfKind.Date => "date",
        AmfKind.StrictArray => $"[{string.Join(',', Children.Select(child => child.Value))}]",
        AmfKind.Object => $"{{{Names()}}}",
        _ => $"<{Names()}>",
    };

    private static bool IsScalar(AmfKind kind) => Scalars.Contains(kind);

    private static Gen<List<(string, AmfNode)>> AnyChildren(int depth) =>
        from count in Gen.Choose(0, 3)
        from children in Gen.ArrayOf(Any(depth), count)
        select children.Select((child, at) => ($"n{at}", child)).ToList();

    private void WriteNames(Amf0Writer writer, IBufferWriter<byte> output)
    {
        if (Kind == AmfKind.Object)
            writer.WriteObjectStart();
        else
            writer.WriteEcmaArrayStart(Children.Count);
        foreach (var (name, value) in Children)
        {
            writer.WriteName(Encoding.UTF8.GetBytes(name));
            value.WriteTo(output);
        }

        writer.WriteObjectEnd();
    }

    private string Names() => string.Join(',', Children.Select(child => $"{child.Name}:{child.Value}"));
}
