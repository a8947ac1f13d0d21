package orm_test

import (
	"context"
	"fmt"

	"alchemysh/core"
	"alchemysh/core/ddl"
	"alchemysh/core/engine"
	"alchemysh/core/types"
	"alchemysh/dialect"
	"alchemysh/orm"
)

func column(t types.Type, foreignKey string) *core.Column {
	c := core.NewColumn("", t)
	c.Schema = core.NewColumnSchema()
	if foreignKey != "" {
		c.Schema.ForeignKeys = append(c.Schema.ForeignKeys, &core.ForeignKey{Target: foreignKey})
	}
	return c
}

func key() *core.Column {
	c := column(&types.Integer{}, "")
	c.Schema.PrimaryKey = true
	return c
}

// blog declares authors who have posts, and makes their tables.
func blog() (author, post *orm.Mapper, s *orm.Session, err error) {
	r := orm.NewRegistry(core.NewMetaData())
	posts, by := orm.NewRelationship("Post"), orm.NewRelationship("Author")
	posts.BackPopulates, by.BackPopulates = "author", "posts"
	author, err = r.Declare(orm.Declaration{
		Definition: orm.Definition{Name: "Author"},
		TableName:  "author",
		Body:       []orm.Named{{Key: "id", Value: key()}, {Key: "name", Value: column(&types.String{}, "")}, {Key: "posts", Value: posts}},
	})
	if err != nil {
		return nil, nil, nil, err
	}
	post, err = r.Declare(orm.Declaration{
		Definition: orm.Definition{Name: "Post"},
		TableName:  "post",
		Body: []orm.Named{{Key: "id", Value: key()}, {Key: "title", Value: column(&types.String{}, "")},
			{Key: "author_id", Value: column(&types.Integer{}, "author.id")}, {Key: "author", Value: by}},
	})
	if err != nil {
		return nil, nil, nil, err
	}
	e, err := dialect.CreateEngine("sqlite://", engine.DefaultOptions())
	if err != nil {
		return nil, nil, nil, err
	}
	ctx := context.Background()
	err = e.Begin(ctx, func(c *engine.Connection) error {
		return ddl.CreateAll(ctx, c, r.MetaData, ddl.Options{Checkfirst: true})
	})
	o := orm.DefaultSessionOptions()
	o.Bind = e
	return author, post, orm.NewSession(o), err
}

func Example() {
	author, post, s, err := blog()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	ann, err := author.Construct([]orm.Named{{Key: "name", Value: "ann"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err = post.Construct([]orm.Named{{Key: "title", Value: "one"}, {Key: "author", Value: ann}}); err != nil {
		fmt.Println(err)
		return
	}
	if err = s.Add(ann); err != nil { // and, by cascade, the post
		fmt.Println(err)
		return
	}
	if err = s.Commit(); err != nil {
		fmt.Println(err)
		return
	}
	title, err := post.Entity().Expr("title")
	if err != nil {
		fmt.Println(err)
		return
	}
	stmt := core.NewSelect(post.Clause()).Where(core.Eq(title, "one"))
	r, err := s.Execute(stmt, orm.ExecuteArgs{})
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := r.ScalarOne()
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := found.(*orm.Instance).Get("author") // the object itself, from the identity map
	fmt.Println(who == any(ann), err)
	// Output: true <nil>
}
