using System.Reflection;
using System.Runtime.CompilerServices;
using FolioRuntime.Lifetimes;
using FolioRuntime.Pages;
using FolioRuntime.Primitives;
using NUnit.Framework;

namespace FolioRuntime.Tests.Repository;

/// <summary>Sizes that the layout of the tables, and whoever stores handles, rely on.</summary>
public class SizeTests
{
    private static IEnumerable<Type> Handles => typeof(LifetimeWord).Assembly.GetExportedTypes()
        .Where(type => type.IsValueType && !type.IsByRefLike && type.Name.Split('`')[0].EndsWith("Handle", StringComparison.Ordinal))
        .Select(type => type.IsGenericTypeDefinition ? type.MakeGenericType(typeof(long)) : type);

    [Test]
    public void AWordIs8Bytes() => Assert.That(Unsafe.SizeOf<LifetimeWord>(), Is.EqualTo(sizeof(ulong)));

    [Test]
    public void AFramesRecordIsOneCacheLine()
    {
        Assert.That(Unsafe.SizeOf<PageFrame>(), Is.EqualTo(CacheLine.Bytes));
        Assert.That(PageFrame.Bytes, Is.EqualTo(CacheLine.Bytes));
    }

    [TestCaseSource(nameof(Handles))]
    public void AHandleIs8Bytes(Type handle) => Assert.That(SizeOf(handle), Is.EqualTo(8));

    [TestCaseSource(nameof(Handles))]
    public void AHandleComparesByValueAndHoldsNoReference(Type handle)
    {
        Assert.That(typeof(IEquatable<>).MakeGenericType(handle).IsAssignableFrom(handle), Is.True);
        Assert.That(handle.IsDefined(typeof(IsReadOnlyAttribute)), Is.True);
        Assert.That(handle.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).All(field => field.FieldType.IsValueType), Is.True);
    }

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
